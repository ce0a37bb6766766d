package fanout.host;

import fanout.job.Retries;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The pause before another attempt at a URL: exponential, with jitter of half of it either way. As thread-safe as its source of
 * chance.
 */
public final class Backoff {

    private static final double MULTIPLIER = 2;
    private static final double JITTER = 0.5;

    private final IntervalFunction interval;
    private final Duration most;
    private final RandomGenerator random;

    public Backoff(Retries retries, RandomGenerator random) {
        this.interval = IntervalFunction.ofExponentialBackoff(retries.backoff(), MULTIPLIER, retries.maxBackoff());
        this.most = retries.maxBackoff();
        this.random = random;
    }

    /** The pause after this many failed attempts. */
    public Duration after(int attempts) {
        double factor = 1 - JITTER + 2 * JITTER * random.nextDouble();
        Duration pause = Duration.ofNanos((long) (Duration.ofMillis(interval.apply(attempts)).toNanos() * factor));
        return pause.compareTo(most) > 0 ? most : pause;
    }
}
