package fanout.internal.host;

import fanout.page.Attempt;
import java.time.Duration;
import java.util.Optional;

/**
 * What a host's manners and circuit need to know of one request.
 *
 * @param latency from the moment the request was written to the end of the response headers; empty without a response
 * @param status 0 without a response
 * @param retryAfter what the host asked for; empty if it asked for nothing
 * @param verdict what the circuit is told
 */
public record HostFeedback(Optional<Duration> latency, int status, Optional<Duration> retryAfter, HostHealth verdict) {

    /** A request that was given up before it could say anything about the host. */
    public static final HostFeedback NONE =
            new HostFeedback(Optional.empty(), 0, Optional.empty(), HostHealth.NO_OPINION);

    /** A complete response. */
    public static HostFeedback of(Attempt attempt, int status, Optional<Duration> retryAfter) {
        return new HostFeedback(attempt.latency(), status, retryAfter, HostHealth.ofStatus(status));
    }

    /** Whether the host says that it has too much to do. */
    boolean isOverloaded() {
        return status == 429 || status == 503;
    }

    /** Whether the request is a success of the kind that may speed a crawl up. */
    boolean isOk() {
        return status >= 200 && status <= 299;
    }
}
