package fanout.job;

import java.time.Duration;

/**
 * When a host is left alone because it keeps failing. Immutable.
 *
 * @param failureRateThreshold percent of the last {@code window} requests
 * @param openFor how long the circuit stays open before a probe
 * @param maxOpenings openings in a row, without a success between, after which the host is given up
 */
public record CircuitBreaking(int failureRateThreshold, int window, Duration openFor, int maxOpenings) {

    public static final CircuitBreaking DEFAULT = new CircuitBreaking(50, 20, Duration.ofSeconds(30), 3);

    public CircuitBreaking {
        Require.between(failureRateThreshold, 1, 100, "circuitBreaker.failureRateThreshold");
        Require.between(window, 1, 1000, "circuitBreaker.window");
        Require.positive(openFor, "circuitBreaker.openFor");
        Require.positive(maxOpenings, "circuitBreaker.maxOpenings");
    }
}
