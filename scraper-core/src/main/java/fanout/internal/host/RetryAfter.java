package fanout.internal.host;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Reads the Retry-After header (RFC 9110, section 10.2.3): seconds, or a date. */
public final class RetryAfter {

    /** Longer than any job waits. */
    private static final Duration LONGEST = Duration.ofDays(36_500);
    /** So many digits fit a long. */
    private static final int MOST_DIGITS = 18;

    private RetryAfter() {}

    private static Duration shorter(long seconds) {
        return Duration.ofSeconds(Math.min(seconds, LONGEST.toSeconds()));
    }

    /**
     * How long the host asks to be left alone; empty if the header says nothing that can be read, or a moment passed.
     */
    public static Optional<Duration> parse(String header, Instant now) {
        String value = header.strip();
        if (!value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.of(value.length() > MOST_DIGITS ? LONGEST : shorter(Long.parseLong(value)));
        }
        return HttpDate.parse(value, now).map(until -> Duration.between(now, until)).filter(Duration::isPositive);
    }
}
