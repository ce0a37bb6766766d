package fanout.internal.host;

import fanout.outcome.Failed;
import fanout.url.Host;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A host of a crawl at one moment. Immutable.
 *
 * @param queued URLs that wait for it
 * @param delay between two requests, at present
 * @param readyIn until the next request may start; empty if nothing waits, or not before a request in flight has ended
 * @param refusal empty unless the host's last answer was that it has too much to do
 * @param ok pages fetched
 * @param failed URLs that failed for good
 * @param heldBy other crawls that keep this one from asking
 */
public record HostSnapshot(
        Host host,
        int queued,
        int inFlight,
        Duration delay,
        Optional<Duration> readyIn,
        Optional<Refusal> refusal,
        Circuit.Phase circuit,
        long ok,
        long failed,
        Optional<Failed> lastFailure,
        List<SharedHost.Holder> heldBy) {

    /** The order of hosts by what the crawl does there, and did. */
    private static final Comparator<HostSnapshot> BUSIEST_FIRST = Comparator.comparingInt(HostSnapshot::inFlight)
            .thenComparingInt(HostSnapshot::queued)
            .thenComparingLong(host -> host.ok() + host.failed())
            .reversed()
            .thenComparing(host -> host.host().toString());

    public HostSnapshot {
        heldBy = List.copyOf(heldBy);
    }

    /** Returns how long it is until a moment; zero if that has come, empty without a moment. */
    static Optional<Duration> readyIn(OptionalLong next, long now) {
        return next.isPresent()
                ? Optional.of(Duration.ofNanos(Math.max(0, next.getAsLong() - now)))
                : Optional.empty();
    }

    /**
     * A host has too much to do.
     *
     * @param status 429 or 503
     * @param silence what is left of the time for which it asked not to be asked; zero if it did not, or the time is
     *     over
     */
    public record Refusal(int status, Duration silence) {

        /** Returns the refusal of a host that the crawl visits; empty if its last answer was another one. */
        static Optional<Refusal> of(@Nullable SharedHost shared, long now) {
            return shared == null || shared.refusedWith() == 0 ? Optional.empty()
                    : Optional.of(new Refusal(shared.refusedWith(),
                            Duration.ofNanos(Math.max(0, shared.holdEnds() - now))));
        }
    }

    /** The busiest of the hosts that it is given. Not thread-safe. */
    public static final class Busiest {

        private final int most;
        private final Queue<HostSnapshot> kept = new PriorityQueue<>(BUSIEST_FIRST.reversed());

        /** Keeps none yet, and never more than so many. */
        public Busiest(int most) {
            this.most = most;
        }

        /** Keeps a host if it is among the busiest. */
        public void add(HostSnapshot host) {
            kept.add(host);
            if (kept.size() > most) {
                kept.remove();
            }
        }

        /** Returns those that are kept, the busiest first. */
        public List<HostSnapshot> inOrder() {
            return kept.stream().sorted(BUSIEST_FIRST).toList();
        }
    }
}
