package fanout.internal.host;

import fanout.job.Retries;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The pause before another attempt at a URL: it doubles with each attempt up to {@code maxBackoff}, and varies by half,
 * because URLs that failed together should not come back together. As thread-safe as its generator.
 */
public final class Backoff {

    private static final double JITTER = 0.5;
    /** Beyond this many doublings any pause is longer than the longest. */
    private static final int MOST_DOUBLINGS = Long.SIZE;

    private final long first;
    private final long most;
    private final RandomGenerator random;

    /** A backoff whose jitter this generator draws. */
    public Backoff(Retries retries, RandomGenerator random) {
        this.first = retries.backoff().toNanos();
        this.most = retries.maxBackoff().toNanos();
        this.random = random;
    }

    /**
     * The pause after this many failed attempts, at most {@code maxBackoff}.
     *
     * @param attempts at least 1
     */
    public Duration after(int attempts) {
        double doubled = Math.scalb((double) first, Math.min(attempts - 1, MOST_DOUBLINGS));
        double varied = Math.min(doubled, (double) most) * random.nextDouble(1 - JITTER, 1 + JITTER);
        return Duration.ofNanos(Math.min((long) varied, most));
    }
}
