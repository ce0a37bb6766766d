package fanout.internal.host;

import fanout.internal.task.Ticker;
import fanout.job.CircuitBreaking;
import fanout.outcome.HostMemory;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Leaves a host alone that keeps failing: resilience4j's circuit breaker, with the waiting done by the frontier as for
 * every other ready-time, and a count of openings in a row.
 *
 * <p>When the circuit opens, the host is held until {@link #reopensAt}; then one request goes as a {@link #probe} and
 * decides. A host that has never failed has no circuit: successes before the first failure are only counted, because a
 * breaker costs kilobytes and most hosts work.
 *
 * <p>Not thread-safe: guarded by the frontier's lock.
 */
public final class Circuit {

    private final CircuitBreaking settings;
    private final Ticker ticker;
    private final CircuitBreaker breaker;
    private int openings;
    private int openingsInARow;
    private long reopensAt;

    /**
     * The circuit of a host that is about to fail for the first time.
     *
     * @param successes before that
     */
    public Circuit(CircuitBreaking settings, Ticker ticker, int successes) {
        this.settings = settings;
        this.ticker = ticker;
        this.breaker = newBreaker(settings, Math.min(successes, settings.window()));
    }

    /** Closed, open or half open. */
    public enum Phase {
        CLOSED, OPEN, HALF_OPEN
    }

    public Phase phase() {
        return switch (breaker.getState()) {
            case OPEN -> Phase.OPEN;
            case HALF_OPEN -> Phase.HALF_OPEN;
            case CLOSED, DISABLED, METRICS_ONLY, FORCED_OPEN -> Phase.CLOSED;
        };
    }

    /** Whether the host opened its circuit so often in a row that it is given up. */
    public boolean isGivenUp() {
        return openingsInARow >= settings.maxOpenings();
    }

    /** Until when the host is left alone; only while the circuit is open. */
    public long reopensAt() {
        return reopensAt;
    }

    /** Openings so far: the verdict on a request that began in an earlier epoch comes too late. */
    public int epoch() {
        return openings;
    }

    /**
     * Before a request: makes it the probe, if the circuit is not closed. The caller has waited for {@link #reopensAt}.
     */
    public void probe() {
        if (phase() == Phase.CLOSED) {
            return;
        }
        if (phase() == Phase.OPEN) {
            breaker.transitionToHalfOpenState();
        }
        if (!breaker.tryAcquirePermission()) {
            throw new IllegalStateException("two probes at once");
        }
    }

    /**
     * After a request: exactly once for each, or a half-open circuit waits for ever.
     *
     * @param epoch the circuit's when the request began
     */
    public void tell(HostHealth verdict, int epoch) {
        if (epoch != openings) {
            return;
        }
        switch (verdict) {
            case SUCCESS -> {
                breaker.onSuccess(0, TimeUnit.NANOSECONDS);
                openingsInARow = 0;
            }
            case FAILURE -> breaker.onError(0, TimeUnit.NANOSECONDS, new HostFailure());
            case NO_OPINION -> breaker.releasePermission();
        }
        if (phase() == Phase.OPEN) {
            openings++;
            openingsInARow++;
            reopensAt = ticker.nanos() + settings.openFor().toNanos();
        }
    }

    /** Failures in the window. */
    public int failures() {
        return breaker.getMetrics().getNumberOfFailedCalls();
    }

    /** Successes in the window. */
    public int successes() {
        return breaker.getMetrics().getNumberOfSuccessfulCalls();
    }

    /** Openings without a success in between. */
    public int openingsInARow() {
        return openingsInARow;
    }

    /**
     * Takes up what an earlier run of the crawl knew, before the first request.
     *
     * @param openUntil when an open circuit lets a probe through
     */
    void recall(HostMemory memory, long openUntil) {
        openings = memory.openingsInARow();
        openingsInARow = memory.openingsInARow();
        reopensAt = openUntil;
        for (int i = 0; i < memory.failures() && breaker.getState() == CircuitBreaker.State.CLOSED; i++) {
            breaker.onError(0, TimeUnit.NANOSECONDS, new HostFailure());
        }
        if (openings > 0 && !memory.openUntil().equals(Instant.EPOCH)) {
            if (breaker.getState() == CircuitBreaker.State.CLOSED) {
                breaker.transitionToOpenState();
            }
        } else if (phase() == Phase.OPEN) {
            breaker.reset(); // the job has a smaller window now, or a lower threshold: it starts from nothing
        }
    }

    /** A breaker wants an exception for every failure; this one is never thrown, and cheap. */
    private static final class HostFailure extends Exception {
        private static final long serialVersionUID = 1L;

        HostFailure() {
            super("host failure", null, false, false);
        }
    }

    private static CircuitBreaker newBreaker(CircuitBreaking settings, int successes) {
        CircuitBreaker created = CircuitBreaker.of("host", CircuitBreakerConfig.custom()
                .failureRateThreshold(settings.failureRateThreshold())
                .slidingWindowSize(settings.window())
                .minimumNumberOfCalls(settings.window())
                .permittedNumberOfCallsInHalfOpenState(1)
                .writableStackTraceEnabled(false)
                .build());
        for (int i = 0; i < successes; i++) {
            created.onSuccess(0, TimeUnit.NANOSECONDS);
        }
        return created;
    }
}
