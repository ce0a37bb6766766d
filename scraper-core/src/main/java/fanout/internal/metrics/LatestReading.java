package fanout.internal.metrics;

import fanout.internal.task.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The latest reading of a crawl, kept for a short time: a scrape asks some forty meters one by one, and must not take
 * the locks of the crawl's parts as often.
 *
 * <p>Algorithm: a thread that finds the reading too old takes a new one and sets it in the old one's place. A thread
 * that loses that race takes the winner's. So each reading began after the one before it was set, and no counter is
 * seen to fall.
 *
 * <p>Thread-safe; holds no lock.
 */
final class LatestReading {

    /** Longer than a scrape takes, shorter than the time between two. */
    static final Duration FRESH = Duration.ofMillis(100);

    private final Supplier<MeterReading> source;
    private final Ticker ticker;
    private final AtomicReference<@Nullable Known> latest = new AtomicReference<>();

    private record Known(MeterReading reading, long atNanos, boolean isLast) {}

    LatestReading(Supplier<MeterReading> source, Ticker ticker) {
        this.source = source;
        this.ticker = ticker;
    }

    /** A reading that is not too old. */
    MeterReading get() {
        return reading(false);
    }

    /** A new reading, which is returned from now on. */
    MeterReading last() {
        return reading(true);
    }

    private MeterReading reading(boolean last) {
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
