package fanout.outcome;

import fanout.internal.annotation.Internal;
import fanout.url.Host;
import java.time.Duration;
import java.time.Instant;

/**
 * What a crawl remembers of a host when it resumes: its pace and its circuit. Times are of the day, since a clock that
 * counts from the start of the machine does not outlive it. Immutable.
 *
 * @param throttle the delay that autoThrottle has found; zero if it is below the host's own
 * @param heldUntil the end of a Retry-After; the epoch without one
 * @param failures of the circuit's window
 * @param successes of the circuit's window
 * @param openingsInARow of the circuit, without a success
 * @param openUntil when the circuit lets a probe through; the epoch if it is closed
 */
@Internal
public record HostMemory(
        Host host,
        Duration throttle,
        Instant heldUntil,
        int failures,
        int successes,
        int openingsInARow,
        Instant openUntil) {

    /** A host of which there is nothing to remember. */
    public static HostMemory none(Host host) {
        return new HostMemory(host, Duration.ZERO, Instant.EPOCH, 0, 0, 0, Instant.EPOCH);
    }
}
