package fanout;

import fanout.Stall.Culprit;
import fanout.channel.Channel;
import fanout.frontier.Frontier;
import fanout.frontier.FrontierSnapshot;
import fanout.outcome.Outcome;
import fanout.report.CrawlReport.Auxiliary;
import fanout.sink.Totals;
import fanout.task.Deadline;
import fanout.task.Signal;
import fanout.task.Stage;
import fanout.task.TaskTree;
import fanout.task.TaskTree.Standing;
import fanout.task.Ticker;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a crawl stands still, and says what it stands at: once in the log, and the last one to whoever asks.
 *
 * <p>It compares what the rooms of a crawl have completed, a few times in the span that a crawl may be without a completion.
 * Nothing is counted for its sake, and stacks are looked at only once there is something to tell. It ends nothing: what is
 * stuck within its deadline is the deadline's to end.
 *
 * <p>Watching is confined to one thread, the crawl's guard; {@link #latest} may be asked by any.
 */
final class StallWatch {

    private static final Logger LOG = LoggerFactory.getLogger(StallWatch.class);
    private static final int LOOKS = 4;

    private final String crawl;
    private final Frontier frontier;
    private final Channel<Outcome> results;
    private final Totals totals;
    private final TaskTree tasks;
    private final Deadline deadline;
    private final Ticker ticker;
    private final long patience;
    private volatile @Nullable Stall latest;

    StallWatch(String crawl, Frontier frontier, Channel<Outcome> results, Totals totals, TaskTree tasks,
            Duration patience, Deadline deadline) {
        this.crawl = crawl;
        this.frontier = frontier;
        this.results = results;
        this.totals = totals;
        this.tasks = tasks;
        this.deadline = deadline;
        this.ticker = deadline.ticker();
        this.patience = patience.toNanos();
    }

    /** What has come to an end so far, one way or another: any change of it is progress. */
    private record Pulse(
            long taken,
            long retries,
            Auxiliary robots,
            Auxiliary sitemaps,
            long arrived,
            long delivered) {}

    /** Watches until the signal is set. */
    void until(Signal<?> ended) throws InterruptedException {
        Pulse last = pulse(frontier.snapshot());
        long movedAt = ticker.nanos();
        boolean told = false;
        while (ended.await(Math.max(1, patience / LOOKS)).isEmpty()) {
            FrontierSnapshot urls = frontier.snapshot();
            Pulse now = pulse(urls);
            if (!now.equals(last) || !hasWork(urls)) {
                last = now;
                movedAt = ticker.nanos();
                told = false;
            } else if (ticker.nanos() - movedAt >= patience) {
                Stall stall = stall(urls, Duration.ofNanos(ticker.nanos() - movedAt));
                latest = stall;
                if (!told) {
                    // Line by line: whoever formats logs may not believe in line breaks that a message brings along.
                    stall.toString().lines().forEach(line -> LOG.warn("{}: {}", crawl, line));
                    told = true;
                }
            }
        }
    }

    private Pulse pulse(FrontierSnapshot urls) {
        Totals.Snapshot sums = totals.snapshot();
        return new Pulse(urls.discovered() - urls.ready() - urls.delayed(), urls.retries(), urls.robots(),
                urls.sitemaps(),
                sums.ok() + sums.redirected() + sums.failed() + sums.skipped() + sums.cancelled(), sums.delivered());
    }

    /** What only waits for its time is no work yet. */
    private boolean hasWork(FrontierSnapshot urls) {
        return urls.ready() > 0 || urls.leased() > 0 || results.size() > 0;
    }

    private Stall stall(FrontierSnapshot urls, Duration lasted) {
        List<Standing> standing = tasks.standing();
        int waiting = results.size();
        return new Stall(ticker.now(), lasted, urls.ready(), urls.leased(), waiting,
                Duration.ofNanos(deadline.remainingNanos()), culprit(standing, urls.leased(), waiting),
                standing);
    }

    private static Culprit culprit(List<Standing> standing, int leased, int waitingResults) {
        List<String> cycle = cycle(standing);
        if (!cycle.isEmpty()) {
            return new Culprit.Cycle(cycle);
        }
        Optional<Standing> writer =
                standing.stream().filter(task -> task.task().name().equals(CrawlRun.WRITER)).findAny();
        if (waitingResults > 0 && writer.isPresent()) {
            return new Culprit.BusySink(writer.get());
        }
        List<Standing> overdue = standing.stream()
                .filter(task -> task.task().deadlineLeft().map(Duration::isNegative).orElse(false))
                .sorted(Comparator.comparing(task -> task.task().deadlineLeft().orElseThrow()))
                .toList();
        if (!overdue.isEmpty()) {
            return new Culprit.Overdue(overdue);
        }
        List<Standing> workers = standing.stream().filter(task -> !task.task().name().equals(CrawlRun.WRITER)).toList();
        return workers.stream()
                .filter(task -> task.task().stage() != Stage.POLITENESS)
                .max(Comparator.comparing(task -> task.task().since()))
                .<Culprit>map(Culprit.Slow::new)
                .orElseGet(() -> leased > 0 ? new Culprit.LostLeases(leased) : new Culprit.NobodyTakes(workers.size()));
    }

    /** Threads that block each other, if one of this crawl's is among them. */
    private static List<String> cycle(List<Standing> standing) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long[] deadlocked = threads.findDeadlockedThreads();
        if (deadlocked == null) {
            return List.of();
        }
        Set<Long> ours = standing.stream().map(Standing::threadId).collect(Collectors.toSet());
        if (Arrays.stream(deadlocked).noneMatch(ours::contains)) {
            return List.of();
        }
        return Arrays.stream(threads.getThreadInfo(deadlocked))
                .filter(info -> info != null && info.getLockName() != null)
                .map(StallWatch::wait)
                .toList();
    }

    private static String wait(ThreadInfo info) {
        return "%s waits for %s held by %s".formatted(info.getThreadName(), info.getLockName(),
                info.getLockOwnerName());
    }

    /** The last stall as it was last seen; empty if there was none. */
    Optional<Stall> latest() {
        return Optional.ofNullable(latest);
    }
}
