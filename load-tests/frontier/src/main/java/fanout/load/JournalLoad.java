package fanout.load;

import fanout.internal.frontier.Frontier;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.journal.Journal;
import fanout.journal.Position;
import fanout.journal.Recording;
import fanout.outcome.CancelReason;
import fanout.outcome.Counts;
import fanout.outcome.Fetched;
import fanout.outcome.Step;
import fanout.page.Attempt;
import fanout.page.Content;
import fanout.page.Request;
import fanout.page.ResponseHead;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import fanout.url.LinkBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;

/**
 * Measures what a journal costs: a crawl of one host is written into it, each page with two new links as long as there
 * are URLs, and then, by another process, replayed into a frontier, as {@code crawl --resume} does.
 *
 * <p>{@code JournalLoad write|replay URLS SETTLED_PERCENT FOLDER [AT_MOST_SECONDS]}. Prints wall and CPU time as rows
 * of a table, and bytes. CPU time is the process's, the collector's included. A replay that takes longer than the last
 * argument exits with 1.
 */
public final class JournalLoad {

    private static final String START = "https://docs.example.org/en/latest/reference/";
    private static final int STEPS_A_COMMIT = 5_000;
    private static final int MOST_URLS = 100_000_000;
    private static final Trail TRAIL = new Trail(1, 0,
            Optional.of(new Attempt(Instant.EPOCH, Duration.ofMillis(37), Optional.of(Duration.ofMillis(3)),
                    Optional.of(new ResponseHead(200, Optional.of("text/html"), Optional.empty(), Optional.empty())),
                    Optional.of("127.0.0.1"))));

    private final int urls;
    private final long settled;
    private final Path path;
    private long urlBytes;
    private final CrawlJob job = CrawlJob.builder("journal")
            .startUrl(START)
            .limits(Limits.DEFAULT.toBuilder().maxPages(MOST_URLS).maxUrls(MOST_URLS).build())
            .build();

    /** @param settledPercent with fewer than half, two links a page do not make so many URLs */
    private JournalLoad(int urls, int settledPercent, Path folder) {
        if (settledPercent < 51 || settledPercent > 100) {
            throw new IllegalArgumentException("51 to 100 % are settled: " + settledPercent);
        }
        this.urls = urls;
        this.settled = (long) urls * settledPercent / 100;
        this.path = folder.resolve("crawl.journal");
    }

    public static void main(String[] arguments) throws IOException {
        JournalLoad load = new JournalLoad(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]),
                Path.of(arguments[3]));
        switch (arguments[0]) {
            case "write" -> {
                print("write", load.write());
                System.out.printf("| bytes a URL: %.1f, of which the URL itself has %.1f | | |%n",
                        (double) Files.size(load.path) / load.urls, (double) load.urlBytes / load.urls);
            }
            case "replay" -> {
                Spent spent = load.replay();
                print("replay", spent);
                if (arguments.length > 4 && spent.wallNanos() > 1e9 * Double.parseDouble(arguments[4])) {
                    System.exit(1);
                }
            }
            default -> throw new IllegalArgumentException("write or replay: " + arguments[0]);
        }
    }

    private static void print(String what, Spent spent) {
        System.out.printf("| %s | %.2f | %.2f |%n", what, spent.wallNanos() / 1e9, spent.cpuNanos() / 1e9);
    }

    /** Like those of documentation, and like the links of a page: they have most in common with their neighbours. */
    private Request url(int number, Optional<CanonicalUrl> referrer) {
        String path = "section-%05d/page-%07d.html".formatted(number / 100, number);
        CanonicalUrl url = LinkBase.of(CanonicalUrl.of(START)).resolve(path).orElseThrow();
        return new Request(url, 1 + Integer.SIZE - Integer.numberOfLeadingZeros(number), Optional.empty(), referrer);
    }

    /** The journal of the crawl; the steps are made before the time is taken, some at a time. */
    private Spent write() throws IOException {
        Spent spent = Spent.NOTHING;
        try (Journal journal = Journal.create(path)) {
            Recording recording = Recording.of(journal, job, Ticker.system());
            recording.begin(Position.NONE);
            Queue<Request> waiting = new ArrayDeque<>();
            Request start = Request.start(CanonicalUrl.of(START), Optional.empty());
            int admitted = 1;
            List<Step> steps = new ArrayList<>();
            steps.add(new Step(1, List.of(), List.of(start)));
            waiting.add(start);
            for (long number = 2; number <= settled + 1; number++) {
                Request page = waiting.remove();
                List<Request> links = new ArrayList<>();
                while (links.size() < 2 && admitted < urls) {
                    links.add(url(admitted++, Optional.of(page.url())));
                    urlBytes += links.getLast().url().length();
                }
                waiting.addAll(links);
                steps.add(new Step(number,
                        List.of(new Fetched(page, TRAIL, Content.UNREAD, List.of())), links, List.of(), Counts.NONE,
                        false));
                if (steps.size() >= STEPS_A_COMMIT || number == settled + 1) {
                    Spent before = Spent.now();
                    steps.forEach(recording::add);
                    recording.commit(Position.at(number));
                    spent = spent.plus(before.since());
                    steps.clear();
                }
            }
        }
        return spent;
    }

    private Spent replay() throws IOException {
        Spent before = Spent.now();
        try (Journal journal = Journal.resume(path)) {
            Recording recording = Recording.of(journal, job, Ticker.system());
            Frontier.Group group = new Frontier.Group(1 << 20, Long.MAX_VALUE);
            try (Frontier frontier = new Frontier(job, group, Deadline.after(Duration.ofHours(1), Ticker.system()),
                    Ticker.system(), new SplittableRandom(1), Optional.of(recording))) {
                Spent spent = before.since();
                long discovered = frontier.snapshot().urls().discovered();
                if (discovered != urls) {
                    throw new IllegalStateException(discovered + " of " + urls + " URLs are there again");
                }
                while (frontier.leftovers(CancelReason.INTERRUPTED).isPresent()) {
                    // A frontier is closed when nothing waits in it.
                }
                return spent;
            }
        }
    }
}
