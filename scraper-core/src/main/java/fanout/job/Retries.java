package fanout.job;

import java.time.Duration;

/**
 * How often a URL is tried again, and after what pause. Immutable.
 *
 * @param maxAttempts the first one included
 * @param backoff before the second attempt; doubles from there, with jitter
 * @param unsafeMethods whether a POST or PATCH is tried again although the server may have seen it
 */
public record Retries(int maxAttempts, Duration backoff, Duration maxBackoff, boolean unsafeMethods) {

    public static final Retries DEFAULT = new Retries(3, Duration.ofMillis(500), Duration.ofSeconds(30));

    /** Retries that send no POST or PATCH twice. */
    public Retries(int maxAttempts, Duration backoff, Duration maxBackoff) {
        this(maxAttempts, backoff, maxBackoff, false);
    }

    public Retries {
        Require.positive(maxAttempts, "retries.maxAttempts");
        Require.positive(backoff, "retries.backoff");
        Require.positive(maxBackoff, "retries.maxBackoff");
        Require.atLeast(maxBackoff, backoff, "retries.maxBackoff", "retries.backoff");
    }
}
