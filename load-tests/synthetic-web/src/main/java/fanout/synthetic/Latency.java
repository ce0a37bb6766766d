package fanout.synthetic;

import java.time.Duration;

/**
 * How long a page waits before its answer: a time drawn evenly from a range, by seed, always the same for one page.
 *
 * <p>Immutable.
 */
public record Latency(Duration shortest, Duration longest) {

    public static final Latency NONE = fixed(Duration.ZERO);

    public Latency {
        if (shortest.isNegative() || longest.compareTo(shortest) < 0) {
            throw new IllegalArgumentException("not a range of latencies: " + shortest + " to " + longest);
        }
    }

    public static Latency fixed(Duration latency) {
        return new Latency(latency, latency);
    }

    public static Latency between(Duration shortest, Duration longest) {
        return new Latency(shortest, longest);
    }

    /** The latency at a point of the range, from 0 to 1. */
    Duration at(double point) {
        return shortest.plusNanos((long) (point * longest.minus(shortest).toNanos()));
    }
}
