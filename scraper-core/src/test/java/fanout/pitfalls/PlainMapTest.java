package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.sink.Totals;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/**
 * The pages counted by host do not add up: {@code merge} reads like one step, and on a plain map is a read, a call and
 * a write.
 *
 * <pre>
 * worker-1                           worker-2
 * merge: reads 1
 *                                    Broken: merge: reads 1
 *                                    Fixed:  merge: waits for worker-1
 * merge: writes 2
 *                                    Broken: writes 2
 *                                    Fixed:  reads 2, writes 3
 * </pre>
 */
@Pitfall(id = "plain-map",
        question = "Which threads reach this map, and does its class, one lock or a single owner make that safe?",
        go = "concurrent map writes", embodiedBy = Totals.class, incidents = "gocolly/colly#160")
class PlainMapTest {

    private static final String HOST = "a.example";

    /** A map for one thread, in the hands of two. */
    static final class Broken extends Sample {

        Broken() {
            super(new HashMap<>());
        }
    }

    /** The same call on a map that does it in one step. A plain map under one lock would do as well. */
    static final class Fixed extends Sample {

        Fixed() {
            super(new ConcurrentHashMap<>());
        }
    }

    abstract static class Sample {

        final Map<String, Integer> pagesOfHost;

        Sample(Map<String, Integer> pagesOfHost) {
            this.pagesOfHost = pagesOfHost;
        }

        void fetched(String host, Gate window) {
            pagesOfHost.merge(host, 1, (before, one) -> sum(before, one, window));
        }

        /** {@code Integer::sum}, where the schedule can hold it. */
        private static int sum(int before, int one, Gate window) {
            try {
                window.pass();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the schedule held it", e);
            }
            return before + one;
        }
    }

    private final Gate window = new Gate();

    /** Page 1 is counted, and two workers count page 2 and page 3. */
    private void schedule(Sample sample, Actors actors) {
        sample.fetched(HOST, window);
        actors.start("worker-1", () -> sample.fetched(HOST, window));
        actors.awaitParked("worker-1", "pass");
        actors.start("worker-2", () -> sample.fetched(HOST, window));
    }

    @Test
    void brokenCountOfThreePagesIsTwo() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, actors);
            actors.awaitParked("worker-2", "pass");
            window.open();
            actors.awaitEnd();
            assertThat(sample.pagesOfHost).containsExactly(Map.entry(HOST, 2));
        }
    }

    @Test
    void fixedCountOfThreePagesIsThree() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, actors);
            actors.awaitUntil("worker-2 waits for the entry that worker-1 changes",
                    () -> actors.thread("worker-2").getState() == Thread.State.BLOCKED);
            window.open();
            actors.awaitEnd();
            assertThat(sample.pagesOfHost).containsExactly(Map.entry(HOST, 3));
        }
    }
}
