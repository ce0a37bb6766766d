package fanout.frontier;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.frontier.Source;
import fanout.job.CrawlJob;
import fanout.outcome.CancelReason;
import fanout.task.Deadline;
import fanout.task.Ticker;
import org.junit.jupiter.api.Test;

/** What the leak check asks about leases. */
class HeldLeaseTest {

    @Test
    void leaseThatNobodyFinishesIsFound() throws InterruptedException {
        CrawlJob job = CrawlJob.builder("leak").startUrl("http://example.org/").build();
        Ticker ticker = Ticker.system();
        Frontier frontier = TestFrontier.alone(job, Deadline.after(job.limits().maxDuration(), ticker), ticker);
        try (Source start = frontier.openSource()) {
            job.start().urls().forEach(start::offer);
        }

        Lease leaked = frontier.take().orElseThrow();
        frontier.leftovers(CancelReason.INTERRUPTED);

        assertThat(frontier.snapshot().urls().leased()).isEqualTo(1);

        leaked.close();
        assertThat(frontier.snapshot().urls().leased()).isZero();
    }
}
