package fanout.app.service.access;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The attempts to guess the token, by the network that they come from: so many in a row are answered, each later than
 * the one before, and then one for each period that has passed. An attempt counts before it is looked at, so many at
 * once are no more than one after the other. Of more than ten thousand networks the one that has made no attempt for
 * the longest time is forgotten.
 *
 * <p>Thread-safe, and never waits.
 */
final class Attempts {

    private static final int MOST_NETWORKS = 10_000;
    private static final Duration FIRST_DELAY = Duration.ofMillis(100);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(2);

    private final int most;
    private final long periodNanos;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();

    /** The one that has made no attempt for the longest time first. */
    @GuardedBy("lock")
    private final Map<String, Count> networks = new LinkedHashMap<>();

    /**
     * Counts attempts.
     *
     * @param most in a row
     * @param period after which one of them is forgotten
     * @param nanoTime the clock, in nanoseconds from any moment
     */
    Attempts(int most, Duration period, LongSupplier nanoTime) {
        this.most = most;
        this.periodNanos = period.toNanos();
        this.nanoTime = nanoTime;
    }

    /** @param attempts that are not forgotten, of which the first is forgotten a period after {@code since} */
    private record Count(int attempts, long since) {

        Count at(long now, long period) {
            long forgotten = Math.min(attempts, (now - since) / period);
            return forgotten == attempts ? new Count(0, now)
                    : new Count(attempts - (int) forgotten, since + forgotten * period);
        }
    }

    /** Counts an attempt, and returns nothing; or does not, and returns after how long the next one is looked at. */
    Optional<Duration> begin(String network) {
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            Count count = present(network, now);
            if (count.attempts >= most) {
                networks.put(network, count);
                return Optional.of(Duration.ofNanos(count.since + periodNanos - now));
            }
            networks.put(network, new Count(count.attempts + 1, count.since));
            while (networks.size() > MOST_NETWORKS) {
                networks.remove(networks.keySet().iterator().next());
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Takes the attempt back: it was the right token. */
    void succeeded(String network) {
        lock.lock();
        try {
            Count count = present(network, nanoTime.getAsLong());
            if (count.attempts > 1) {
                networks.put(network, new Count(count.attempts - 1, count.since));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns how long the answer to the last attempt, which was wrong, should be kept back. */
    Duration delay(String network) {
        lock.lock();
        try {
            Count count = present(network, nanoTime.getAsLong());
            networks.put(network, count);
            long doubled = FIRST_DELAY.toMillis() << Math.clamp(count.attempts - 1L, 0, 20);
            return Duration.ofMillis(Math.min(doubled, LONGEST_DELAY.toMillis()));
        } finally {
            lock.unlock();
        }
    }

    /** Takes it out, so that putting it back makes it the last one. */
    @GuardedBy("lock")
    private Count present(String network, long now) {
        Count count = networks.remove(network);
        return count == null ? new Count(0, now) : count.at(now, periodNanos);
    }
}
