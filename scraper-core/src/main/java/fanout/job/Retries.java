package fanout.job;

import java.time.Duration;

/**
 * How often a URL is tried again, and after what pause. Immutable.
 *
 * @param maxAttempts the first one included
 * @param backoff before the second attempt; doubles from there, with jitter
 */
public record Retries(int maxAttempts, Duration backoff, Duration maxBackoff) {

    public static final Retries DEFAULT = new Retries(3, Duration.ofMillis(500), Duration.ofSeconds(30));

    public Retries {
        Require.positive(maxAttempts, "retries.maxAttempts");
        Require.positive(backoff, "retries.backoff");
        Require.positive(maxBackoff, "retries.maxBackoff");
        Require.atLeast(maxBackoff, backoff, "retries.maxBackoff", "retries.backoff");
    }
}
