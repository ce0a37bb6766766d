package fanout.host;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Reads the Retry-After header (RFC 9110, section 10.2.3): seconds, or a date. */
public final class RetryAfter {

    private RetryAfter() {}

    /** How long the host asks to be left alone; empty if the header says nothing that can be read, or a moment passed. */
    public static Optional<Duration> parse(String header, Instant now) {
        String value = header.strip();
        if (!value.isEmpty() && value.length() <= 18 && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional
                    .of(Duration.ofSeconds(Math.min(Long.parseLong(value), Duration.ofDays(36_500).toSeconds())));
        }
        try {
            Instant until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            return Optional.of(Duration.between(now, until)).filter(Duration::isPositive);
        } catch (DateTimeParseException e) {
            return Optional.empty(); // not a promise we could keep
        }
    }
}
