package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.fetch.ActiveConnections;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * The gauge of active connections drifts, and is below zero in the end: two fetches counted themselves as one.
 *
 * <pre>
 * fetch-1                     fetch-2
 * Broken: read 0              Broken: read 0
 *                 (both have read)
 * Broken: write 1             Broken: write 1
 * Fixed:  add 1               Fixed:  add 1
 * </pre>
 */
@Pitfall(id = "racy-counter",
        question = "Does each change of this number happen in one step, and not in a read, an addition and a write?",
        go = "a shared counter of connections with a data race", embodiedBy = ActiveConnections.class)
class RacyCounterTest {

    /** What {@code active++} is: volatile makes the value visible, it does not make this one step. */
    static final class Broken implements Sample {

        private volatile int active;

        @Override
        public void connected(Gate window) throws InterruptedException {
            int read = active;
            window.pass();
            active = read + 1;
        }

        @Override
        public int active() {
            return active;
        }
    }

    /** One step; there is no window, and the schedule holds both before it. */
    static final class Fixed implements Sample {

        private final AtomicInteger active = new AtomicInteger();

        @Override
        public void connected(Gate window) throws InterruptedException {
            window.pass();
            active.incrementAndGet();
        }

        @Override
        public int active() {
            return active.get();
        }
    }

    interface Sample {

        void connected(Gate window) throws InterruptedException;

        int active();
    }

    private static int afterTwoConnections(Sample sample) throws InterruptedException {
        try (Actors actors = new Actors()) {
            Gate window = new Gate();
            actors.start("fetch-1", () -> sample.connected(window));
            actors.start("fetch-2", () -> sample.connected(window));
            actors.awaitParked("fetch-1", "pass");
            actors.awaitParked("fetch-2", "pass");
            window.open();
            actors.awaitEnd();
            return sample.active();
        }
    }

    @Test
    void brokenCounterCountsTwoConnectionsAsOne() throws InterruptedException {
        assertThat(afterTwoConnections(new Broken())).isEqualTo(1);
    }

    @Test
    void fixedCounterCountsBoth() throws InterruptedException {
        assertThat(afterTwoConnections(new Fixed())).isEqualTo(2);
    }
}
