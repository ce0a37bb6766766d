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
 * @param refusal null unless the host's last answer was that it has too much to do
 * @param readyInMs null if nothing waits for it, or only for a request in flight
 */
record HostView(
        String host,
        int queued,
        int inFlight,
        long delayMs,
        @Nullable Long readyInMs,
        @Nullable Refusal refusal,
        String circuit,
        long ok,
        long failed,
        ProgressView.@Nullable LastFailure lastFailure,
        @Nullable String waitsFor) {

    /** @param silenceMs what is left of the time for which it asked not to be asked */
    record Refusal(int status, long silenceMs) {}

    static HostView of(HostProgress host) {
        return new HostView(host.host(), host.queued(), host.inFlight(), host.delay().toMillis(),
                host.readyIn().map(Duration::toMillis).orElse(null),
                host.refusal().map(why -> new Refusal(why.status(), why.silence().toMillis())).orElse(null),
                host.circuit().name().toLowerCase(Locale.ROOT),
                host.ok(), host.failed(), host.lastFailure().map(ProgressView.LastFailure::of).orElse(null),
                host.heldBy().isEmpty() ? null
                        : host.heldBy().stream().map(Object::toString).collect(Collectors.joining(", and ")));
    }
}
