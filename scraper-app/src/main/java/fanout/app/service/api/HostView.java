package fanout.app.service.api;

import fanout.HostProgress;
import fanout.app.service.run.ProgressView;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A host of a crawl, in the words of the API.
 *
 * @param waitsFor what other crawl keeps this one from asking, in words; null if none does
 * @param readyInMs null if nothing waits for it, or only for a request in flight
 */
record HostView(
        String host,
        int queued,
        int inFlight,
        long delayMs,
        @Nullable Long readyInMs,
        String circuit,
        long ok,
        long failed,
        ProgressView.@Nullable LastFailure lastFailure,
        @Nullable String waitsFor) {

    static HostView of(HostProgress host) {
        return new HostView(host.host(), host.queued(), host.inFlight(), host.delay().toMillis(),
                host.readyIn().map(Duration::toMillis).orElse(null), host.circuit().name().toLowerCase(Locale.ROOT),
                host.ok(), host.failed(), host.lastFailure().map(ProgressView.LastFailure::of).orElse(null),
                host.heldBy().isEmpty() ? null
                        : host.heldBy().stream().map(Object::toString).collect(Collectors.joining(", and ")));
    }
}
