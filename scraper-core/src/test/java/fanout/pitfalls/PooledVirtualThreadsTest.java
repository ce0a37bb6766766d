package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.TaskScope;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * A page is asked for with another customer's login: the thread came from a pool, and still had on it what the task
 * before had left there.
 *
 * <pre>
 * task-1 (as alice)                    task-2 (as nobody)
 * log in, fetch: fails
 * Broken: end; the login stays
 * Fixed:  end; the login with it
 *                                      Broken: on the same thread, fetch: as alice
 *                                      Fixed:  on a thread of its own, fetch: as nobody
 * </pre>
 */
@Pitfall(id = "pooled-virtual-threads",
        question = "Can a task meet what another one left on its thread, and is a thread that costs nothing kept in a "
                + "pool?",
        go = "no counterpart: goroutines have no identity and no locals; context.Context is passed on",
        embodiedBy = TaskScope.class)
class PooledVirtualThreadsTest {

    /** The pool of before, with virtual threads in it, and a thread-local that is removed when all went well. */
    static final class Broken implements Sample {

        private static final ThreadLocal<String> LOGIN = new ThreadLocal<>();

        @Override
        public ExecutorService threads() {
            return Executors.newFixedThreadPool(1, Thread.ofVirtual().factory());
        }

        @Override
        public String fetchAs(String login, Site site) {
            LOGIN.set(login);
            String page = fetch(site);
            LOGIN.remove();
            return page;
        }

        @Override
        public String fetch(Site site) {
            return site.get(Optional.ofNullable(LOGIN.get()));
        }
    }

    /**
     * A thread for each task, bounded if need be by a semaphore; and a binding that ends with the call, however it
     * ends.
     */
    static final class Fixed implements Sample {

        private static final ScopedValue<String> LOGIN = ScopedValue.newInstance();

        @Override
        public ExecutorService threads() {
            return Executors.newVirtualThreadPerTaskExecutor();
        }

        @Override
        public String fetchAs(String login, Site site) {
            return ScopedValue.where(LOGIN, login).call(() -> fetch(site));
        }

        @Override
        public String fetch(Site site) {
            return site.get(LOGIN.isBound() ? Optional.of(LOGIN.get()) : Optional.empty());
        }
    }

    interface Sample {

        ExecutorService threads();

        String fetchAs(String login, Site site);

        String fetch(Site site);
    }

    @FunctionalInterface
    interface Site {

        String get(Optional<String> login);
    }

    private static String down(Optional<String> login) {
        throw new IllegalStateException("the site is down for " + login.orElse("nobody"));
    }

    private static String greeting(Optional<String> login) {
        return "welcome, " + login.orElse("nobody");
    }

    /** What the second task gets to see. */
    private static String schedule(Sample sample) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = sample.threads()) {
            Future<String> first = threads.submit(() -> sample.fetchAs("alice", PooledVirtualThreadsTest::down));
            assertThat(first).failsWithin(Actors.AT_MOST)
                    .withThrowableThat()
                    .withMessageContaining("the site is down for alice");
            return threads.submit(() -> sample.fetch(PooledVirtualThreadsTest::greeting)).get();
        }
    }

    @Test
    void brokenSecondTaskIsLoggedInAsTheFirst() throws Exception {
        assertThat(schedule(new Broken())).isEqualTo("welcome, alice");
    }

    @Test
    void fixedSecondTaskIsNobody() throws Exception {
        assertThat(schedule(new Fixed())).isEqualTo("welcome, nobody");
    }
}
