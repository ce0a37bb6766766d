package fanout.internal.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.leak.AllowList;
import fanout.leak.Baseline;
import fanout.leak.Leak;
import fanout.outcome.CancelReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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

        Lease leaked = (Lease) frontier.take().orElseThrow();
        frontier.leftovers(CancelReason.INTERRUPTED);

        assertThat(frontier.snapshot().urls().leased()).isEqualTo(1);

        leaked.close();
        assertThat(frontier.snapshot().urls().leased()).isZero();
    }

    /** As a loop that never ends would: the leak check says so, and does not wait with it. */
    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void lockThatAThreadKeepsIsNamedWithTheThread() throws Exception {
        Frontier.Group group = new Frontier.Group(TestFrontier.RULE_BYTES, Long.MAX_VALUE);
        CrawlJob job = CrawlJob.builder("leak").startUrl("http://example.org/").build();
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (Baseline baseline = Baseline.now(AllowList.standard().plus("looping", "the test ends it"))) {
            Frontier frontier = new Frontier(job, group, Deadline.after(Duration.ofHours(1), Ticker.system()),
                    Ticker.system(), new SplittableRandom(1), Optional.empty());
            Thread looping = Thread.ofPlatform().daemon().name("looping").start(() -> {
                group.lock.lock();
                try {
                    locked.countDown();
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    group.lock.unlock();
                }
            });
            locked.await();
            List<Leak> found = baseline.leaks(Duration.ZERO);
            end.countDown();
            looping.join();

            assertThat(found).extracting(Leak::toString)
                    .singleElement(STRING)
                    .contains("lease",
                            "Locked by thread looping");
            assertThat(baseline.leaks(Duration.ZERO)).isEmpty();
            frontier.close();
        }
    }

    /** The leak check asks a frontier for its leases from its opening to its close. */
    @Test
    void leasesOfAFrontierAreAskedForUntilItIsClosed() throws Exception {
        CrawlJob job = CrawlJob.builder("leak").startUrl("http://example.org/").build();
        try (Baseline baseline = Baseline.now(AllowList.standard())) {
            Ticker ticker = Ticker.system();
            Frontier frontier = TestFrontier.alone(job, Deadline.after(Duration.ofHours(1), ticker), ticker);
            try (Source start = frontier.openSource()) {
                job.start().urls().forEach(start::offer);
            }
            try (Lease held = (Lease) frontier.take().orElseThrow()) {
                assertThat(baseline.leaks(Duration.ZERO)).singleElement()
                        .extracting(Leak::toString, STRING)
                        .contains("lease of " + held.work().url());
            }
            frontier.close();
            assertThat(frontier.snapshot().urls().leased()).isZero();
        }
    }
}
