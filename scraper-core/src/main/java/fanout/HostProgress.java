package fanout;

import fanout.internal.host.Circuit;
import fanout.internal.host.HostSnapshot;
import fanout.outcome.Failed;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A host of a crawl at one moment. Immutable.
 *
 * @param host name and port
 * @param queued URLs that wait for it
 * @param inFlight requests to it that are under way
 * @param delay between two requests, at present; of all crawls that visit the host, the longest
 * @param readyIn until the next request may start; empty if nothing waits, or not before a request in flight has ended
 * @param refusal empty unless the host's last answer was that it has too much to do
 * @param ok pages fetched
 * @param failed URLs that failed for good
 * @param lastFailure the latest of those
 * @param heldBy other crawls of the process that keep this one from asking now
 */
public record HostProgress(
        String host,
        int queued,
        int inFlight,
        Duration delay,
        Optional<Duration> readyIn,
        Optional<Refusal> refusal,
        CircuitState circuit,
        long ok,
        long failed,
        Optional<Failed> lastFailure,
        List<Holder> heldBy) {

    public HostProgress {
        heldBy = List.copyOf(heldBy);
    }

    /**
     * Another crawl of the process that keeps this one from asking a host: to a host all crawls are one visitor, which
     * has the smallest perHostConcurrency of them and the longest delay.
     *
     * @param crawl the name of its job
     * @param requests that it has in flight there, as many as may be; 0 if it is its delay that holds for all
     * @param lasts since the last of them began
     */
    public record Holder(String crawl, int requests, Duration lasts, int perHostConcurrency, Duration delay) {

        @Override
        public String toString() {
            return requests == 0
                    ? "the crawl %s, whose delay of %d ms holds for all crawls".formatted(crawl, delay.toMillis())
                    : ("the crawl %s, which has %d in flight there, the last for %d ms "
                            + "(perHostConcurrency %d holds for all crawls)")
                            .formatted(crawl, requests, lasts.toMillis(), perHostConcurrency);
        }
    }

    /** Which other crawls keep this one from asking it, in words. */
    public String held() {
        return host + " is held by " + heldBy.stream().map(Object::toString).collect(Collectors.joining(", and by "));
    }

    /**
     * A host has said that it has too much to do, and is asked less for that.
     *
     * @param status 429 or 503
     * @param silence what is left of the time for which it asked not to be asked (Retry-After); zero if it did not, or
     *     the time is over
     */
    public record Refusal(int status, Duration silence) {}

    /**
     * Returns why the host is not asked at this moment, and until when, in words; empty unless it has too much to do.
     */
    public Optional<String> slowedDown() {
        return refusal.map(why -> host + " answered " + why.status()
                + (why.silence().isPositive()
                        ? " and asked for silence, of which " + seconds(why.silence()) + " are left"
                        : readyIn.map(in -> "; it is asked again in " + seconds(in)).orElse("")));
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
    }

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
                host.refusal().map(why -> new Refusal(why.status(), why.silence())), CircuitState.of(host.circuit()),
                host.ok(), host.failed(), host.lastFailure(), host.heldBy()
                        .stream()
                        .map(by -> new Holder(by.crawl(), by.requests(), by.lasts(), by.perHostConcurrency(),
                                by.delay()))
                        .toList());
    }
}
