package fanout.internal.frontier;

import static fanout.internal.frontier.TestFrontier.plain;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.frontier.LeaseResult.SitemapFound;
import fanout.internal.task.Deadline;
import fanout.internal.task.ManualTicker;
import fanout.job.CrawlJob;
import fanout.outcome.Step;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a lease brings is admitted whole, and the lock is free behind it. */
class FrontierAdmissionTest {

    private static final String A = "http://a.example.org/";

    @ParameterizedTest
    @ValueSource(ints = {1, 999, 1_000, 1_001, 2_000, 2_500})
    void aSitemapOfAnyLengthIsAdmittedWhole(int pages) throws InterruptedException {
        ManualTicker ticker = ManualTicker.jumping();
        CrawlJob job = plain(A).sitemap(CanonicalUrl.of(A + "map")).build();
        Frontier.Group group = new Frontier.Group(TestFrontier.RULE_BYTES, Long.MAX_VALUE);
        try (Frontier frontier = new Frontier(job, group, Deadline.after(Duration.ofHours(1), ticker), ticker,
                new SplittableRandom(1), Optional.empty())) {
            frontier.openSource().close();
            List<CanonicalUrl> found = IntStream.range(0, pages).mapToObj(n -> CanonicalUrl.of(A + n)).toList();
            Optional<Step> step;
            try (Lease map = (Lease) frontier.take().orElseThrow()) {
                step = map.finish(new SitemapFound(found, List.of(), 0, Optional.empty(), TestFrontier.status(200)));
            }
            assertThat(group.lock.isLocked()).isFalse();
            assertThat(step.orElseThrow().admitted()).extracting(request -> request.url()).isEqualTo(found);
            assertThat(frontier.snapshot().urls().discovered()).isEqualTo(pages);
            assertThat(frontier.snapshot().urls().ready()).isEqualTo(pages);
            assertThat(group.kept().hosts()).isOne();
            assertThat(group.lock.isLocked()).isFalse();
            frontier.drain();
        }
    }
}
