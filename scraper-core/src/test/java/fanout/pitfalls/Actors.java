package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * The threads of a sample, by name. A broken sample leaves threads parked for good: {@link #close} interrupts and joins
 * them, so that no test leaves a thread behind, and fails if one does not end.
 *
 * <p>Waits are bounded by {@link #AT_MOST}, which is no measure of anything: a test that passes never waits for it to
 * go by. Confined to the test's thread, except for {@link #start} and {@link #adopt}, which a sample's threads may
 * call.
 */
final class Actors implements AutoCloseable {

    static final Duration AT_MOST = Duration.ofSeconds(30);

    private static final Set<Thread.State> PARKED = Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

    private final Map<String, Thread> threads = new ConcurrentHashMap<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    /** What an actor does. An interrupt ends it; whatever else it throws is a {@link #failures failure}. */
    @FunctionalInterface
    interface Part {

        void play() throws InterruptedException;
    }

    void start(String name, Part part) {
        start(Thread.ofPlatform(), name, part);
    }

    /** Starts an actor on a thread of this kind. */
    void start(Thread.Builder kind, String name, Part part) {
        Thread thread = kind.name(name).unstarted(() -> {
            try {
                part.play();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | Error e) {
                failures.add(e);
            }
        });
        adopt(thread).start();
    }

    /**
     * Takes in a thread that a sample makes for itself, under its own name: to be watched, and ended like an actor's.
     */
    Thread adopt(Thread thread) {
        assertThat(threads.put(thread.getName(), thread)).as("another actor named %s", thread.getName()).isNull();
        return thread;
    }

    /** Waits until the actor is parked in this method. */
    void awaitParked(String name, String method) {
        Thread thread = threads.get(name);
        awaitUntil(name + " parked in " + method, () -> isParkedIn(thread, method));
    }

    /** Waits until this holds. */
    void awaitUntil(String what, Callable<Boolean> holds) {
        Awaitility.await(what)
                .atMost(AT_MOST)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(holds);
    }

    private static boolean isParkedIn(Thread thread, String method) {
        return PARKED.contains(thread.getState())
                && Arrays.stream(thread.getStackTrace()).anyMatch(frame -> frame.getMethodName().equals(method))
                && PARKED.contains(thread.getState());
    }

    /** Waits until the actor has ended. */
    void awaitEnd(String name) throws InterruptedException {
        assertThat(threads.get(name).join(AT_MOST)).as("%s has ended", name).isTrue();
    }

    /** Waits until all actors have ended, none of them by a failure. */
    void awaitEnd() throws InterruptedException {
        for (String name : threads.keySet()) {
            awaitEnd(name);
        }
        assertThat(failures).isEmpty();
    }

    void interrupt(String name) {
        threads.get(name).interrupt();
    }

    Thread thread(String name) {
        return threads.get(name);
    }

    /**
     * The actors that have not ended. Asked of the state, as {@code Thread.join(Duration)} does: a platform thread that
     * ends is {@code TERMINATED} a moment before {@code isAlive()} says no, so that a thread that was joined may still
     * seem alive.
     */
    Set<String> alive() {
        return threads.values()
                .stream()
                .filter(thread -> thread.getState() != Thread.State.TERMINATED)
                .map(Thread::getName)
                .collect(Collectors.toSet());
    }

    /** What actors threw, in the order in which they did. */
    Queue<Throwable> failures() {
        return failures;
    }

    @Override
    public void close() {
        threads.values().forEach(Thread::interrupt);
        try {
            for (String name : threads.keySet()) {
                awaitEnd(name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while actors may be alive: " + alive(), e);
        }
    }
}
