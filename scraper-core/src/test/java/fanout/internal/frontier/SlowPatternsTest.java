package fanout.internal.frontier;

import static fanout.internal.frontier.TestFrontier.status;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.frontier.LeaseResult.PageResult;
import fanout.internal.frontier.LeaseResult.SitemapFound;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Fetched;
import fanout.outcome.Redirected;
import fanout.outcome.Stage;
import fanout.outcome.Step;
import fanout.page.Content;
import fanout.page.Link;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.report.CrawlReport.FailedSitemap;
import fanout.report.CrawlReport.Sitemaps;
import fanout.url.CanonicalUrl;
import fanout.url.Scope;
import fanout.url.TextPattern;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Patterns of a job that would take minutes on what a page brings: the page takes as long as a request, and failed. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SlowPatternsTest {

    private static final Duration LIMIT = Duration.ofMillis(100);
    private static final Failure LATE = new Failure.TimedOut(Stage.PARSE, LIMIT);
    private static final String HOME = "http://example.org/";
    private static final List<CanonicalUrl> LONG = IntStream.range(0, 10_000)
            .mapToObj(i -> CanonicalUrl.of(HOME + "x".repeat(8_000) + i))
            .toList();

    private static CrawlJob.Builder job() {
        return TestFrontier.plain()
                .limits(Limits.DEFAULT.toBuilder().requestTimeout(LIMIT).build())
                .scope(new Scope(List.of(), Set.of(), List.of(), IntStream.range(0, 200)
                        .mapToObj(i -> TextPattern.of("(?:x?y?[a-z]{1,100}){9}Q" + i))
                        .toList(), 2));
    }

    /** Finishes the only lease of a crawl with a result, screened before or not. */
    private static Optional<Step> finish(Frontier frontier, boolean isScreened, LeaseOf result) throws Exception {
        try (Lease lease = (Lease) frontier.take().orElseThrow()) {
            LeaseResult found = result.of(lease);
            if (isScreened) {
                lease.screen(found);
            }
            return lease.finish(found);
        }
    }

    @FunctionalInterface
    private interface LeaseOf {
        LeaseResult of(Lease lease);
    }

    private static Frontier frontier(CrawlJob.Builder job) {
        Frontier frontier = TestFrontier.alone(job.startUrl(HOME).build(),
                Deadline.after(Duration.ofHours(1), Ticker.system()), Ticker.system());
        try (Source source = frontier.openSource()) {
            source.offer(TestFrontier.request(HOME));
        }
        return frontier;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPageFailsAsOneThatTakesTooLongToParse(boolean isScreened) throws Exception {
        try (Frontier frontier = frontier(job())) {
            Optional<Step> step = finish(frontier, isScreened, lease -> {
                Fetched fetched = new Fetched(request(lease), Trail.NONE, Content.UNREAD, List.of());
                return new PageResult(fetched, LONG.stream().map(url -> new Link(url, Optional.empty())).toList(), 3,
                        status(200));
            });
            assertThat(step.orElseThrow().outcomes())
                    .containsExactly(new Failed(TestFrontier.request(HOME), Trail.NONE, LATE));
            assertThat(frontier.snapshot().deadlineExceeded()).isEqualTo(Map.of(Stage.PARSE, 1L));
            assertThat(frontier.take()).as("nothing is left to do").isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRedirectFailsAlike(boolean isScreened) throws Exception {
        try (Frontier frontier = frontier(job())) {
            Optional<Step> step = finish(frontier, isScreened, lease -> new PageResult(
                    new Redirected(request(lease), Trail.NONE, LONG.getFirst()), List.of(), 0, status(302)));
            assertThat(step.orElseThrow().outcomes())
                    .containsExactly(new Failed(TestFrontier.request(HOME), Trail.NONE, LATE));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSitemapFailsAlike(boolean isScreened) throws Exception {
        CanonicalUrl sitemap = CanonicalUrl.of(HOME + "sitemap.xml");
        try (Frontier frontier = TestFrontier.alone(job().sitemap(sitemap).build(),
                Deadline.after(Duration.ofHours(1), Ticker.system()), Ticker.system())) {
            frontier.openSource().close();
            finish(frontier, isScreened, _ -> new SitemapFound(LONG, List.of(), 0, Optional.empty(), status(200)));
            assertThat(frontier.snapshot().sitemaps()).isEqualTo(new Sitemaps(0, 1,
                    List.of(new FailedSitemap(sitemap.toString(), LATE.reason(), LATE.detail()))));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void linksThatAreQuickComeIn(boolean isScreened) throws Exception {
        try (Frontier frontier = frontier(job())) {
            finish(frontier, isScreened, lease -> {
                Fetched fetched = new Fetched(request(lease), Trail.NONE, Content.UNREAD, List.of());
                return new PageResult(fetched, List.of(new Link(CanonicalUrl.of(HOME + "1"), Optional.empty())), 0,
                        status(200));
            });
            assertThat(frontier.snapshot().urls().ready()).isOne();
        }
    }

    private static Request request(Lease lease) {
        return TestFrontier.page(lease).request();
    }
}
