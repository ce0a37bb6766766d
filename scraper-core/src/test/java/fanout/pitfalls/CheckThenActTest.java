package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.frontier.Frontier;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Under load a page is fetched twice, although the set of known URLs is thread-safe.
 *
 * <pre>
 * worker-1                              worker-2
 * Broken: not contained                 Broken: not contained
 *                      (both are past the check)
 * Broken: add, fetch                    Broken: add, fetch
 * Fixed:  add says new, fetch           Fixed:  add says known, end
 * </pre>
 */
@Pitfall(id = "check-then-act",
        question = "Can the answer of the check be out of date when it is acted on? Is there one call that does both?",
        go = "atomics misused: each operation is atomic, the sequence is not", embodiedBy = Frontier.class,
        incidents = "firecrawl/firecrawl#4298")
class CheckThenActTest {

    /** Two atomic calls with a window between them. */
    static final class Broken extends Sample {

        @Override
        void visit(String url, Gate window) throws InterruptedException {
            if (!seen.contains(url)) {
                window.pass();
                seen.add(url);
                fetch();
            }
        }
    }

    /** One call that decides and answers; there is no window, and the schedule holds both before it. */
    static final class Fixed extends Sample {

        @Override
        void visit(String url, Gate window) throws InterruptedException {
            window.pass();
            if (seen.add(url)) {
                fetch();
            }
        }
    }

    abstract static class Sample {

        final Set<String> seen = ConcurrentHashMap.newKeySet();
        final AtomicInteger fetches = new AtomicInteger();

        abstract void visit(String url, Gate window) throws InterruptedException;

        void fetch() {
            fetches.incrementAndGet();
        }
    }

    private static void schedule(Sample sample, Actors actors) throws InterruptedException {
        Gate window = new Gate();
        actors.start("worker-1", () -> sample.visit("/page", window));
        actors.start("worker-2", () -> sample.visit("/page", window));
        actors.awaitParked("worker-1", "pass");
        actors.awaitParked("worker-2", "pass");
        window.open();
        actors.awaitEnd();
    }

    @Test
    void brokenPageIsFetchedTwice() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Broken sample = new Broken();
            schedule(sample, actors);
            assertThat(sample.fetches).hasValue(2);
        }
    }

    @Test
    void fixedPageIsFetchedOnce() throws InterruptedException {
        try (Actors actors = new Actors()) {
            Fixed sample = new Fixed();
            schedule(sample, actors);
            assertThat(sample.fetches).hasValue(1);
        }
    }
}
