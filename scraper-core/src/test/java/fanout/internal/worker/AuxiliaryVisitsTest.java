package fanout.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.FetchRequest;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.job.Politeness;
import fanout.job.Politeness.Manners;
import fanout.job.Retries;
import fanout.outcome.Failure;
import fanout.outcome.Outcome;
import fanout.outcome.Reason;
import fanout.outcome.Stage;
import fanout.page.ResponseHead;
import fanout.report.CrawlReport.Auxiliary;
import fanout.report.CrawlReport.FailedSitemap;
import fanout.report.CrawlReport.Sitemaps;
import fanout.report.TaskSnapshot;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a crawl makes of the answers for robots.txt and sitemaps, and which bodies it asks for. */
class AuxiliaryVisitsTest {

    private static final String HOME = "http://example.org/";
    private static final String ROBOTS = HOME + "robots.txt";
    private static final String SITEMAP = HOME + "sitemap.xml";
    /** For the fetches before it, on a busy machine. */
    private static final Duration LONG_ENOUGH = Duration.ofMillis(500);
    private static final String URLSET =
            "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>" + HOME
                    + "listed</loc></url></urlset>";

    private final Map<String, Fetch> answers = new HashMap<>(Map.of(HOME, TestPool.page("<title>t</title>"), ROBOTS,
            TestPool.answer(404, Headers.EMPTY, ""), SITEMAP, TestPool.page(URLSET), HOME + "listed",
            TestPool.page("")));
    private final List<FetchRequest> requests = new ArrayList<>();

    private static CrawlJob.Builder job() {
        return CrawlJob.builder("auxiliary")
                .startUrl(HOME)
                .sitemap(CanonicalUrl.of(SITEMAP))
                .concurrency(1)
                .retries(new Retries(1, Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .politeness(new Politeness(new Manners(8, Duration.ZERO, false, Duration.ofMinutes(1)),
                        Duration.ofMinutes(5), true, true, Duration.ofSeconds(30), 1_000_000, Map.of()));
    }

    /** Crawls with these answers, on this clock of the fetches. */
    private TestPool crawled(CrawlJob.Builder job, Ticker ticker) throws InterruptedException {
        TestPool crawl = new TestPool(job.build(), 16, ticker, (request, _) -> {
            requests.add(request);
            return Optional.ofNullable(answers.get(request.url().toString())).orElseThrow();
        });
        try (crawl) {
            crawl.crawl();
        }
        return crawl;
    }

    private TestPool crawled() throws InterruptedException {
        return crawled(job(), Ticker.system());
    }

    private static Fetch moved(String... location) {
        return TestPool.answer(301, location.length == 0 ? Headers.EMPTY : Headers.of("Location", location[0]), "");
    }

    private Sitemaps sitemapsOf(TestPool crawl) {
        return crawl.frontier.snapshot().sitemaps();
    }

    @Test
    void pagesOfASitemapAreFetched() throws InterruptedException {
        TestPool crawl = crawled();
        assertThat(sitemapsOf(crawl)).isEqualTo(new Sitemaps(1, 0, List.of()));
        assertThat(crawl.outcomes()).extracting(Outcome::name).containsExactly("ok", "ok");
    }

    @Test
    void robotsThatMovedNowhereAllowEverything() throws InterruptedException {
        answers.put(ROBOTS, moved());
        TestPool crawl = crawled();
        assertThat(crawl.frontier.snapshot().robots()).isEqualTo(new Auxiliary(1, 0));
        assertThat(crawl.outcomes()).extracting(Outcome::name).containsExactly("ok", "ok");
    }

    @Test
    void aSitemapIsReadWhereItMovedTo() throws InterruptedException {
        answers.put(HOME + "new.xml", answers.put(SITEMAP, moved("/new.xml")));
        TestPool crawl = crawled();
        assertThat(sitemapsOf(crawl)).isEqualTo(new Sitemaps(1, 0, List.of()));
        assertThat(crawl.outcomes()).extracting(Outcome::name).containsExactly("ok", "ok");
    }

    @Test
    void aSitemapThatMovedNowhereFails() throws InterruptedException {
        answers.put(SITEMAP, moved());
        assertThat(sitemapsOf(crawled()).failures())
                .containsExactly(new FailedSitemap(SITEMAP, new Failure.BadRedirect("").reason(), "no Location"));
    }

    /** The job's own deadline would not count as the sitemap's failure. */
    @Test
    void aSitemapThatTakesTooLongFails() throws InterruptedException {
        Failure late = new Failure.TimedOut(Stage.BODY, Duration.ofSeconds(1));
        answers.put(SITEMAP, TestPool.none(late));
        assertThat(sitemapsOf(crawled()).failures())
                .containsExactly(new FailedSitemap(SITEMAP, late.reason(), late.detail()));
    }

    /** Nor does that which comes when the job's time is up, whatever it says. */
    @ParameterizedTest
    @CsvSource({"true, DEADLINE", "false, CONNECTION"})
    void aSitemapThatTheJobsDeadlineCutsShortIsGivenUp(boolean timedOut, Reason expected) throws InterruptedException {
        Failure late = timedOut ? new Failure.TimedOut(Stage.BODY, LONG_ENOUGH)
                : new Failure.Connection("reset");
        CrawlJob job = job().limits(Limits.DEFAULT.toBuilder().maxDuration(LONG_ENOUGH).build()).build();
        TestPool crawl = new TestPool(job, 16, Ticker.system(), (request, _) -> {
            while (request.url().toString().equals(SITEMAP) && !Deadline.current().hasPassed()) {
                Thread.onSpinWait(); // an interrupt comes at the same moment, and is not looked at
            }
            return request.url().toString().equals(SITEMAP) ? TestPool.none(late)
                    : answers.get(request.url().toString());
        });
        try (crawl) {
            crawl.crawl();
        }
        assertThat(sitemapsOf(crawl).failures()).extracting(FailedSitemap::reason).containsExactly(expected);
    }

    @Test
    void onlyBodiesOfPagesThatAreParsedAreAskedFor() throws InterruptedException {
        crawled();
        FetchRequest page =
                requests.stream().filter(request -> request.url().toString().equals(HOME)).findFirst().orElseThrow();
        assertThat(page.wantsBody())
                .accepts(head(200, "text/html"), head(200, "application/xhtml+xml"), head(299, null))
                .rejects(head(200, "image/png"), head(404, "text/html"), head(500, null));
    }

    private static ResponseHead head(int status, @Nullable String type) {
        return new ResponseHead(status, Optional.ofNullable(type), Optional.empty(), Optional.empty());
    }

    /** The clock of the deadlines looks at the task tree each time that it is read. */
    @Test
    void aSitemapIsParsedInAStageOfItsOwn() throws InterruptedException {
        answers.put(SITEMAP, TestPool.page(URLSET.replace("<url>", "<url/>".repeat(10_000) + "<url>")));
        List<TaskSnapshot> seen = new ArrayList<>();
        TestPool[] pool = new TestPool[1];
        Ticker lookout = new Ticker() {
            @Override
            public long nanos() {
                pool[0].worker().ifPresent(seen::add);
                return System.nanoTime();
            }

            @Override
            public Instant now() {
                return Instant.now();
            }

            @Override
            public long await(Condition condition, long nanos) throws InterruptedException {
                return Ticker.system().await(condition, nanos);
            }
        };
        pool[0] = new TestPool(job().build(), 16, lookout, (request, _) -> answers.get(request.url().toString()));
        try (TestPool crawl = pool[0]) {
            crawl.crawl();
        }
        assertThat(seen).extracting(TaskSnapshot::stage, TaskSnapshot::about)
                .contains(tuple(Optional.of(Stage.PARSE), Optional.of(SITEMAP)));
    }
}
