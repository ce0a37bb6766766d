package fanout.host;

import fanout.job.Retries;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;

/** The pause before another attempt at a URL: exponential, with jitter. Thread-safe. */
public final class Backoff {

    private static final double MULTIPLIER = 2;
    private static final double JITTER = 0.5;

    private final IntervalFunction interval;
    private final Duration most;

    public Backoff(Retries retries) {
        this.interval = IntervalFunction.ofExponentialRandomBackoff(retries.backoff(), MULTIPLIER, JITTER,
                retries.maxBackoff());
        this.most = retries.maxBackoff();
    }

    /** The pause after this many failed attempts. */
    public Duration after(int attempts) {
        Duration pause = Duration.ofMillis(interval.apply(attempts));
        return pause.compareTo(most) > 0 ? most : pause;
    }
}
