package fanout.synthetic;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The log of all hosts. Thread-safe. */
final class ArrivalLog {

    /** Some 300 MB: what comes later is only counted, and then the log refuses to be read as if it were whole. */
    static final long MOST_ENTRIES = 1_000_000;

    private final AtomicLong room;
    private final Map<String, HostLog> hosts = new ConcurrentHashMap<>();
    private final Gauge inFlight = new Gauge();
    private final boolean countsOnly;

    ArrivalLog(boolean countsOnly) {
        this.countsOnly = countsOnly;
        this.room = new AtomicLong(countsOnly ? 0 : MOST_ENTRIES);
    }

    HostLog of(String host) {
        HostLog known = hosts.get(host);
        return known != null ? known : hosts.computeIfAbsent(host, _ -> new HostLog(room));
    }

    Gauge inFlight() {
        return inFlight;
    }

    long count() {
        return hosts.values().stream().mapToLong(HostLog::count).sum();
    }

    List<Arrival> arrivals() {
        requireKept();
        return hosts.values()
                .stream()
                .flatMap(host -> host.arrivals().stream())
                .sorted(Comparator.comparingLong(Arrival::nanoTime))
                .toList();
    }

    List<Arrival> arrivals(String host) {
        requireKept();
        HostLog log = hosts.get(host);
        return log == null ? List.of() : log.arrivals();
    }

    Optional<Duration> smallestGap(String host) {
        List<Arrival> arrivals = arrivals(host);
        long smallest = Long.MAX_VALUE;
        for (int i = 1; i < arrivals.size(); i++) {
            smallest = Math.min(smallest, arrivals.get(i).nanoTime() - arrivals.get(i - 1).nanoTime());
        }
        return arrivals.size() < 2 ? Optional.empty() : Optional.of(Duration.ofNanos(smallest));
    }

    private void requireKept() {
        if (countsOnly) {
            throw new IllegalStateException("this web only counts its arrivals");
        }
        if (room.get() < 0) {
            throw new IllegalStateException("more than " + MOST_ENTRIES + " arrivals; only the first were kept");
        }
    }
}
