package fanout.metrics;

import fanout.task.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The latest reading of a crawl. A scrape asks some forty meters one by one, and must not ask the crawl's rooms, with their
 * locks, as often: what they said holds for a short time.
 *
 * <p>Algorithm: whoever finds the reading too old takes a new one and puts it in the old one's place; whoever loses that race
 * takes the winner's. So each reading was begun after the one before it was there, and nobody sees a counter fall.
 *
 * <p>Thread-safe; holds no lock.
 */
final class LatestReading {

    /** Longer than a scrape takes, shorter than the time between two. */
    static final Duration FRESH = Duration.ofMillis(100);

    private final Supplier<Reading> source;
    private final Ticker ticker;
    private final AtomicReference<@Nullable Known> latest = new AtomicReference<>();

    private record Known(Reading reading, long atNanos, boolean isLast) {}

    LatestReading(Supplier<Reading> source, Ticker ticker) {
        this.source = source;
        this.ticker = ticker;
    }

    /** A reading that is not too old. */
    Reading get() {
        return reading(false);
    }

    /** A reading of now, which stands from now on. */
    Reading last() {
        return reading(true);
    }

    private Reading reading(boolean last) {
        while (true) {
            Known known = latest.get();
            if (known != null && (known.isLast || (!last && ticker.nanos() - known.atNanos < FRESH.toNanos()))) {
                return known.reading;
            }
            long atNanos = ticker.nanos();
            Known next = new Known(source.get(), atNanos, last);
            if (latest.compareAndSet(known, next)) {
                return next.reading;
            }
        }
    }
}
