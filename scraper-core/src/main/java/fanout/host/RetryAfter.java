package fanout.host;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
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

    /** How long the host asks to be left alone; empty if the header says nothing that can be read, or a moment passed. */
    public static Optional<Duration> parse(String header, Instant now) {
        String value = header.strip();
        if (!value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.of(value.length() > MOST_DIGITS ? LONGEST : shorter(Long.parseLong(value)));
        }
        try {
            Instant until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            return Optional.of(Duration.between(now, until)).filter(Duration::isPositive);
        } catch (DateTimeParseException e) {
            return Optional.empty(); // not a promise we could keep
        }
    }
}
