package fanout.sink;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.journal.Result;
import fanout.journal.Sums;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Reason;
import fanout.page.Attempt;
import fanout.page.Trail;
import fanout.report.CrawlReport;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class TotalsTest {

    private final Totals totals = new Totals();

    @Test
    void everyOutcomeIsCountedOnceWhetherDeliveredOrNot() {
        totals.arrived(Outcomes.page(1, Outcomes.item(1, "a", 1), Outcomes.item(1, "a", 2)));
        totals.arrived(Outcomes.redirected(2));
        totals.arrived(Outcomes.failed(3));
        totals.accountFor(2, 1);
        totals.undelivered(Outcomes.failed(4));
        totals.undelivered(Outcomes.skipped(5));
        totals.undelivered(Outcomes.cancelled(6));

        Totals.Snapshot snapshot = totals.snapshot();
        assertThat(snapshot.accounting(6).isBalanced()).isTrue();
        assertThat(snapshot.accounting(7).isBalanced()).isFalse();
        assertThat(snapshot.failed()).isEqualTo(2);
        assertThat(snapshot.lastFailure()).hasValueSatisfying(
                last -> assertThat(last.request()).isEqualTo(Outcomes.failed(4).request()));
        assertThat(snapshot.reasons()).containsOnly(java.util.Map.entry(Reason.HTTP_STATUS, 2L),
                java.util.Map.entry(Reason.ROBOTS, 1L), java.util.Map.entry(Reason.DEADLINE, 1L));
        assertThat(snapshot.delivered()).isEqualTo(2);
        assertThat(snapshot.undelivered()).isEqualTo(4);
        assertThat(snapshot.items()).isEqualTo(2);
        assertThat(snapshot.itemsDropped()).isEqualTo(1);
        assertThat(snapshot.bytes()).isEqualTo(1000);
    }

    @Test
    void latencyIsThatOfUrlsThatGotAResponse() {
        IntStream.rangeClosed(1, 1000).forEach(n -> totals.arrived(Outcomes.page(n)));
        IntStream.rangeClosed(1, 5000).forEach(n -> totals.arrived(Outcomes.skipped(n)));

        var latency = totals.snapshot().latency();
        assertThat(latency.p50().toMillis()).isCloseTo(500, Percentage.withPercentage(0.5));
        assertThat(latency.p90().toMillis()).isCloseTo(900, Percentage.withPercentage(0.5));
        assertThat(latency.p99().toMillis()).isCloseTo(990, Percentage.withPercentage(0.5));
        assertThat(latency.max()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void noPercentileIsAboveTheMaximum() {
        totals.arrived(Outcomes.page(123_457));

        assertThat(totals.snapshot().latency().p99()).isEqualTo(totals.snapshot().latency().max())
                .isEqualTo(Duration.ofMillis(123_457));
    }

    @Test
    void withoutAnyResponseLatencyIsZero() {
        assertThat(totals.snapshot().latency().p99()).isZero();
    }

    @Test
    void anAttemptWithoutAResponseHasNoLatency() {
        totals.arrived(new Failed(Outcomes.request(1), new Trail(1, 0, Optional.of(new Attempt(Outcomes.FETCHED_AT,
                Duration.ofHours(1), Optional.empty(), Optional.empty(), Optional.empty()))), new Failure.Dns("none")));
        assertThat(totals.snapshot().latency()).isEqualTo(CrawlReport.Latency.NONE);
    }

    @Test
    void lookingKeepsNoOtherThreadFromCounting() throws Exception {
        totals.snapshot();
        Thread other = Thread.ofPlatform().daemon().start(() -> totals.arrived(Outcomes.page(1)));
        assertThat(other.join(Duration.ofSeconds(20))).isTrue();
        assertThat(totals.snapshot().ok()).isOne();
    }

    /** Their sinks have it: it is delivered. */
    @Test
    void whatEarlierRunsHaveSettledIsCountedWithTheRest() throws InterruptedException {
        Sums before = new Sums();
        before.add(Result.of(Outcomes.page(1)));
        before.add(Result.of(Outcomes.failed(2)));
        totals.earlier(before);
        Thread other = Thread.ofPlatform().daemon().start(() -> totals.arrived(Outcomes.page(3)));
        assertThat(other.join(Duration.ofSeconds(20))).isTrue();
        totals.accountFor(1, 0);

        assertThat(totals.snapshot().ok()).isEqualTo(2);
        assertThat(totals.snapshot().delivered()).isEqualTo(3);
        assertThat(totals.snapshot().accounting(3).isBalanced()).isTrue();
    }
}
