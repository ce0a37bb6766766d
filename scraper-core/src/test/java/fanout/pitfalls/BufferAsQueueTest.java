package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.Channel;
import fanout.internal.task.Received;
import fanout.internal.task.Ticker;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * When the disk is slow, the crawler runs out of memory: the queue of results takes every one, and no worker waits.
 *
 * <pre>
 * worker                                         writer
 * send result 1 … 64                             stands: slow disk
 * Broken: send result 65 … 10,000, end
 * Fixed:  send result 65: waits
 *                                                resumes: receive result 1
 * Fixed:  send result 65 …
 * </pre>
 */
@Pitfall(id = "buffer-as-queue",
        question = "What is this queue's capacity, and what happens to a sender when it is full?",
        go = "a buffered channel as a queue without a plan for overflow", embodiedBy = Channel.class,
        incidents = "scrapy/scrapy#2077")
class BufferAsQueueTest {

    private static final int RESULTS = 10_000;
    private static final int CAPACITY = 64;

    /** A queue without a capacity, which is {@link LinkedBlockingQueue}'s default: {@code put} never waits. */
    static final class Broken extends Sample {

        private final BlockingQueue<Integer> results = new LinkedBlockingQueue<>();

        @Override
        void send(int result) throws InterruptedException {
            results.put(result);
        }

        @Override
        int receive() throws InterruptedException {
            return results.take();
        }

        @Override
        int queued() {
            return results.size();
        }
    }

    /** One that is full at some time, and lets its senders wait then: the slowest sets the pace of all. */
    static final class Fixed extends Sample {

        private final Channel<Integer> results = Channel.bounded(CAPACITY, Ticker.system());

        @Override
        void send(int result) throws InterruptedException {
            results.sender().send(result);
        }

        @Override
        int receive() throws InterruptedException {
            return switch (results.receiver().receive(Actors.AT_MOST)) {
                case Received.Value<Integer>(Integer result) -> result;
                case Received.Closed<Integer> _,Received.TimedOut<Integer> _ ->
                        throw new IllegalStateException("a result is missing");
            };
        }

        @Override
        int queued() {
            return results.size();
        }
    }

    abstract static class Sample {

        final AtomicInteger sent = new AtomicInteger();
        final AtomicInteger written = new AtomicInteger();

        abstract void send(int result) throws InterruptedException;

        abstract int receive() throws InterruptedException;

        abstract int queued();

        void work() throws InterruptedException {
            for (int i = 1; i <= RESULTS; i++) {
                send(i);
                sent.incrementAndGet();
            }
        }

        void write(Gate disk) throws InterruptedException {
            disk.pass();
            for (int i = 1; i <= RESULTS; i++) {
                assertThat(receive()).isEqualTo(i);
                written.incrementAndGet();
            }
        }
    }

    private final Gate disk = new Gate();

    private void schedule(Sample sample, Actors actors) {
        actors.start("writer", () -> sample.write(disk));
        actors.awaitParked("writer", "pass");
        actors.start("worker", sample::work);
    }

    @Test
    void brokenQueueTakesEverythingThoughNothingIsWritten() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, actors);
            actors.awaitEnd("worker");
            assertThat(sample.written).hasValue(0);
            assertThat(sample.queued()).isEqualTo(RESULTS);
        }
    }

    @Test
    void fixedWorkerWaitsForTheWriterOnceTheChannelIsFull() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, actors);
            actors.awaitUntil("the channel is full", () -> sample.sent.get() == CAPACITY);
            actors.awaitParked("worker", "send");
            assertThat(sample.sent).hasValue(CAPACITY);
            assertThat(sample.queued()).isEqualTo(CAPACITY);
            disk.open();
            actors.awaitEnd();
            assertThat(sample.written).hasValue(RESULTS);
        }
    }
}
