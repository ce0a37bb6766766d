package fanout.internal.frontier;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.outcome.CancelReason;
import fanout.outcome.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeftoversTest {

    @Test
    void urlsThatAreTakenAsLeftoversAreNeitherReadyNorDelayedAnyMore() {
        TestFrontier crawl =
                TestFrontier.of(TestFrontier.plain("http://a.test/1", "http://a.test/2", "http://b.test/1"));
        assertThat(crawl.frontier.snapshot().urls().ready()).isEqualTo(3);
        crawl.frontier.drain();
        assertThat(crawl.end()).isEqualTo("INTERRUPTED");
        List<String> left = crawl.frontier.leftovers(CancelReason.INTERRUPTED)
                .stream()
                .map(Step::outcomes)
                .flatMap(List::stream)
                .map(TestFrontier::line)
                .toList();
        assertThat(left).containsExactlyInAnyOrder("http://a.test/1 cancelled/interrupted",
                "http://a.test/2 cancelled/interrupted", "http://b.test/1 cancelled/interrupted");
        assertThat(crawl.frontier.leftovers(CancelReason.INTERRUPTED)).isEmpty();
        assertThat(crawl.frontier.snapshot().urls().ready()).isZero();
        assertThat(crawl.frontier.snapshot().urls().delayed()).isZero();
    }
}
