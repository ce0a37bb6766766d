package fanout.leak;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Time for what is about to go: a thread that was joined needs microseconds more to be gone, a server that was stopped
 * milliseconds. The clock is the system's, not a {@code Ticker}: threads end in real time, also where a test owns the
 * clock.
 */
final class Grace {

    /** How long one remnant is waited for before all are looked at again. */
    private static final Duration STEP = Duration.ofMillis(20);

    private Grace() {}

    /**
     * Looks until nothing is found or the time is over; returns what was found last. An interrupted caller gets that,
     * too, and stays interrupted: without the time of grace a thread that is ending would be taken for a leak.
     */
    static <R extends Remnant> List<R> after(Duration atMost, Supplier<List<R>> look) {
        long end = System.nanoTime() + atMost.toNanos();
        boolean interrupted = Thread.interrupted();
        try {
            List<R> found = look.get();
            long left = end - System.nanoTime();
            Optional<R> next = goingFirst(found);
            while (next.isPresent() && left > 0) {
                try {
                    next.get().awaitEnd(Duration.ofNanos(Math.min(left, STEP.toNanos())));
                } catch (InterruptedException _) {
                    interrupted = true;
                }
                interrupted |= Thread.interrupted();
                found = look.get();
                next = goingFirst(found);
                left = end - System.nanoTime();
            }
            return found;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <R extends Remnant> Optional<R> goingFirst(List<R> found) {
        return found.stream().filter(Remnant::mayGo).findFirst();
    }
}
