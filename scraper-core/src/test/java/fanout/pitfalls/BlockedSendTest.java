package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.Channel;
import fanout.internal.task.Received;
import fanout.internal.task.Ticker;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * The number of threads only grows: each blocks in a send, because its receiver has failed or returned early.
 *
 * <pre>
 * worker                            writer
 * send 1                            receive 1
 *                                   write fails
 *                                   Broken: end
 *                                   Fixed:  cancel, end
 * send 2: kept, never received
 * Broken: send 3: for ever
 * Fixed:  send refused, end
 * </pre>
 */
@Pitfall(id = "blocked-send",
        question = "If the receiver leaves early, what ends the senders that wait for a free slot?",
        go = "a goroutine leak: blocked in a send that has no receiver", embodiedBy = Channel.class,
        incidents = "gocolly/colly#584")
class BlockedSendTest {

    /** A writer that leaves its channel as it is. */
    static final class Broken extends Sample {

        @Override
        void write() throws InterruptedException {
            receiveAndFail();
        }
    }

    /** A receiver that leaves, for whatever reason, says so to those who send. */
    static final class Fixed extends Sample {

        @Override
        void write() throws InterruptedException {
            try {
                receiveAndFail();
            } finally {
                results.receiver().cancel();
            }
        }
    }

    abstract static class Sample {

        final Channel<String> results = Channel.bounded(1, Ticker.system());
        final AtomicInteger sent = new AtomicInteger();

        void work(Gate writerHasLeft) throws InterruptedException {
            boolean taken = results.sender().send("/1");
            writerHasLeft.pass();
            while (taken) {
                sent.incrementAndGet();
                taken = results.sender().send("/next");
            }
        }

        abstract void write() throws InterruptedException;

        void receiveAndFail() throws InterruptedException {
            Received<String> first = results.receiver().receive(Actors.AT_MOST);
            throw new IllegalStateException("disk full at " + first);
        }
    }

    private static void schedule(Sample sample, Actors actors) throws InterruptedException {
        Gate writerHasLeft = new Gate();
        actors.start("worker", () -> sample.work(writerHasLeft));
        actors.start("writer", sample::write);
        actors.awaitEnd("writer");
        assertThat(actors.failures()).singleElement().isInstanceOf(IllegalStateException.class);
        writerHasLeft.open();
    }

    @Test
    void brokenWorkerIsStuckInSendThoughTheReceiverIsGone() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, actors);
            actors.awaitParked("worker", "send");
            assertThat(actors.alive()).containsExactly("worker");
            assertThat(sample.sent).as("one received, one in the channel").hasValue(2);
        }
    }

    @Test
    void fixedWorkerIsToldAndEnds() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, actors);
            actors.awaitEnd("worker");
            assertThat(sample.sent).as("only what was received").hasValue(1);
        }
    }
}
