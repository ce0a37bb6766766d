package fanout;

import fanout.host.Circuit;
import fanout.outcome.Failed;
import fanout.queue.HostSnapshot;
import java.time.Duration;
import java.util.Optional;

/**
 * A host of a crawl at one moment. Immutable.
 *
 * @param host name and port
 * @param queued URLs that wait for it
 * @param inFlight requests to it that are under way
 * @param delay between two requests, at present; of all crawls that visit the host, the longest
 * @param readyIn until the next request may start; empty if nothing waits, or not before a request in flight has ended
 * @param ok pages fetched
 * @param failed URLs that failed for good
 * @param lastFailure the latest of those
 */
public record HostProgress(
        String host,
        int queued,
        int inFlight,
        Duration delay,
        Optional<Duration> readyIn,
        CircuitState circuit,
        long ok,
        long failed,
        Optional<Failed> lastFailure) {

    /** Whether a host is left alone because it keeps failing. */
    public enum CircuitState {
        /** It is asked. */
        CLOSED,
        /** It is left alone for a time, or for good. */
        OPEN,
        /** One request decides. */
        HALF_OPEN;

        private static CircuitState of(Circuit.Phase phase) {
            return switch (phase) {
                case CLOSED -> CLOSED;
                case OPEN -> OPEN;
                case HALF_OPEN -> HALF_OPEN;
            };
        }
    }

    static HostProgress of(HostSnapshot host) {
        return new HostProgress(host.host().toString(), host.queued(), host.inFlight(), host.delay(), host.readyIn(),
                CircuitState.of(host.circuit()), host.ok(), host.failed(), host.lastFailure());
    }
}
