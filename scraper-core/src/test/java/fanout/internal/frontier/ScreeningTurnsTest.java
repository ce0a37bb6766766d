package fanout.internal.frontier;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.CarrierTurn;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.page.Link;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.Fingerprint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Patterns of a user on thousands of links: other threads run meanwhile. */
@Timeout(30)
class ScreeningTurnsTest {

    private static final List<Link> LINKS = IntStream.range(0, 100)
            .mapToObj(i -> new Link(CanonicalUrl.of("http://example.org/" + i), Optional.empty()))
            .toList();

    /** A clock on which each look takes a millisecond, and that counts the waits. */
    private static final class SlowWork implements Ticker {

        private static final long MILLISECOND = 1_000_000;

        private long nanos;
        private int waits;

        @Override
        public long nanos() {
            nanos += MILLISECOND;
            return nanos;
        }

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long await(Condition condition, long left) throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            waits++;
            return 0;
        }
    }

    private final SlowWork work = new SlowWork();
    private final AtomicReference<Screened> screened = new AtomicReference<>(Screened.NONE);

    private void screen() {
        Admission admission =
                new Admission(CrawlJob.builder("test").startUrl("http://example.org/").build(), () -> true,
                        Fingerprint.Seed.random());
        Request from = Request.start(CanonicalUrl.of("http://example.org/"), Optional.empty());
        screened.set(admission.screening().links(from, false, LINKS, new CarrierTurn(work)));
    }

    @Test
    void screeningWaitsAMomentEveryFiveMilliseconds() throws InterruptedException {
        Thread.ofVirtual().start(this::screen).join();

        assertThat(work.waits).isBetween(LINKS.size() / 7, LINKS.size() / 5);
        assertThat(screened.get().outOfScope() + screened.get().candidates().size()).isEqualTo(LINKS.size());
    }

    @Test
    void sitemapsAreScreenedAlike() throws InterruptedException {
        Admission admission =
                new Admission(CrawlJob.builder("test").startUrl("http://example.org/").build(), () -> true,
                        Fingerprint.Seed.random());
        Thread.ofVirtual()
                .start(() -> screened.set(
                        admission.screening().entries(LINKS.stream().map(Link::url).toList(), new CarrierTurn(work))))
                .join();

        assertThat(work.waits).isBetween(LINKS.size() / 7, LINKS.size() / 5);
    }

    @Test
    void anInterruptedThreadScreensOnAndStaysInterrupted() throws InterruptedException {
        AtomicReference<Boolean> flag = new AtomicReference<>(false);
        Thread.ofVirtual().start(() -> {
            Thread.currentThread().interrupt();
            screen();
            flag.set(Thread.currentThread().isInterrupted());
        }).join();

        assertThat(work.waits).isZero();
        assertThat(flag).hasValue(true);
        assertThat(screened.get().outOfScope() + screened.get().candidates().size()).isEqualTo(LINKS.size());
    }

    @Test
    void aPlatformThreadHasNoCarrierToShare() {
        screen();

        assertThat(work.waits).isZero();
    }
}
