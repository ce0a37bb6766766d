package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.parse.PageParser;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Memory grows with the number of pages under way: a buffer "for each thread" meant eight of them when threads were
 * pooled, and means one for each task now.
 *
 * <pre>
 * task-1                        task-2 … task-16
 * Broken: make a buffer         Broken: make a buffer
 * Fixed:  borrow a buffer       Fixed:  borrow one, or wait until one is given back
 *               (all of them are under way at once)
 * decode, end                   decode, end
 * </pre>
 */
@Pitfall(id = "thread-local-cache",
        question = "How many of these are there when every task has a thread of its own?",
        go = "no counterpart: there are no goroutine-locals, and a sync.Pool is shared by all",
        embodiedBy = PageParser.class)
class ThreadLocalCacheTest {

    /** Saved an allocation for each task, when a thread had many tasks. With one task a thread it never saves any. */
    static final class Broken extends Sample {

        private final ThreadLocal<byte[]> buffers = ThreadLocal.withInitial(this::make);

        @Override
        void decode(Gate busy) throws InterruptedException {
            decodeInto(buffers.get(), busy);
        }
    }

    /** A pool of a fixed size lends what is costly to make. What is immutable is shared. */
    static final class Fixed extends Sample {

        private final BlockingQueue<byte[]> buffers = new ArrayBlockingQueue<>(BUFFERS);

        Fixed() {
            for (int i = 0; i < BUFFERS; i++) {
                buffers.add(make());
            }
        }

        @Override
        void decode(Gate busy) throws InterruptedException {
            byte[] buffer = buffers.take();
            try {
                decodeInto(buffer, busy);
            } finally {
                buffers.add(buffer);
            }
        }
    }

    abstract static class Sample {

        static final int BUFFERS = 2;
        static final int BUFFER_BYTES = 8 << 10;

        final AtomicInteger made = new AtomicInteger();
        final AtomicInteger decoding = new AtomicInteger();

        abstract void decode(Gate busy) throws InterruptedException;

        byte[] make() {
            made.incrementAndGet();
            return new byte[BUFFER_BYTES];
        }

        void decodeInto(byte[] buffer, Gate busy) throws InterruptedException {
            decoding.incrementAndGet();
            busy.pass();
            buffer[0]++;
        }
    }

    private static final int TASKS = 16;

    private final Gate busy = new Gate();

    private void allAreUnderWay(Sample sample, Actors actors) {
        for (int task = 1; task <= TASKS; task++) {
            actors.start(Thread.ofVirtual(), "task-" + task, () -> sample.decode(busy));
        }
        for (int task = 1; task <= TASKS; task++) {
            actors.awaitParked("task-" + task, "decode");
        }
        assertThat(actors.alive()).hasSize(TASKS);
    }

    @Test
    void brokenEveryTaskHasABufferOfItsOwn() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            allAreUnderWay(sample, actors);
            assertThat(sample.made).hasValue(TASKS);
            busy.open();
            actors.awaitEnd();
        }
    }

    @Test
    void fixedAllTasksTogetherHaveTwo() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            allAreUnderWay(sample, actors);
            actors.awaitUntil("as many decode as there are buffers", () -> sample.decoding.get() == Sample.BUFFERS);
            busy.open();
            actors.awaitEnd();
            assertThat(sample.decoding).as("each had its turn").hasValue(TASKS);
            assertThat(sample.made).hasValue(Sample.BUFFERS);
        }
    }
}
