package fanout.internal.host;

import fanout.internal.task.Ticker;
import fanout.internal.task.Times;
import fanout.internal.task.WallTime;
import fanout.job.CircuitBreaking;
import fanout.job.CrawlJob;
import fanout.outcome.HostMemory;
import fanout.url.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Carries what is known of hosts from one run of a crawl to the next: what is to be {@linkplain #memory remembered},
 * and what a crawl that is resumed remembers until it visits them. Inside a run all moments are those of the local
 * clock. This class is where they become instants of the wall clock, and where instants become moments again.
 *
 * <p>To every host, remembered or not, a restart is a request: the crawl may have asked any of them a moment before it
 * was killed.
 *
 * <p>Guarded by the frontier's lock.
 */
public final class HostMemories {

    private final Duration maxRetryAfter;
    private final CircuitBreaking settings;
    private final Ticker ticker;
    private final Map<Host, HostMemory> paces = new HashMap<>();
    private final Map<Host, HostMemory> circuits = new HashMap<>();
    private final boolean countsOk;
    /**
     * How many pages were ok at hosts of which the crawl has no state: an earlier run has visited them, or they were
     * forgotten. Empty unless the pages of a host are limited.
     */
    private final Map<Host, Long> ok = new HashMap<>();
    private @Nullable WallTime restart;

    /** No memories, as of a crawl that begins. */
    public HostMemories(CrawlJob job, Ticker ticker) {
        this.maxRetryAfter = job.politeness().maxRetryAfter();
        this.settings = job.circuitBreaker();
        this.countsOk = job.limits().maxPagesPerHost().isPresent();
        this.ticker = ticker;
    }

    /** The crawl resumes. */
    public void restarted(WallTime at) {
        restart = at;
    }

    /** What was known of a host. */
    public void add(HostMemory memory) {
        paces.put(memory.host(), memory);
        circuits.put(memory.host(), memory);
    }

    /** So many pages of a host were ok, in addition to those that were noted before. */
    public void addOk(Host host, long pages) {
        if (countsOk && pages > 0) {
            ok.merge(host, pages, Long::sum);
        }
    }

    /** Returns how many pages were ok at a host that the crawl knows from now on. */
    long recallOk(Host host) {
        Long pages = ok.remove(host);
        return pages == null ? 0 : pages;
    }

    /** The crawl visits a host. */
    public void recallPace(SharedHost host) {
        if (restart != null) {
            HostMemory memory = paces.remove(host.host());
            host.mayHaveWritten(restart.nanos());
            if (memory != null) {
                host.recall(memory.throttle().toNanos(), restart.nanosAt(memory.heldUntil(), maxRetryAfter));
            }
        }
    }

    /** The circuit of a host that the crawl knows from now on; empty if it did not fail in an earlier run. */
    public Optional<Circuit> recallCircuit(Host host) {
        HostMemory memory = restart == null ? null : circuits.remove(host);
        if (memory == null || restart == null || (memory.failures() == 0 && memory.openingsInARow() == 0)) {
            return Optional.empty();
        }
        Circuit circuit = new Circuit(settings, ticker, memory.successes());
        circuit.recall(memory, memory.openUntil().equals(Instant.EPOCH) ? restart.nanos()
                : restart.nanosAt(memory.openUntil(), settings.openFor()));
        return Optional.of(circuit);
    }

    /** Whether a host leaves nothing to be remembered: it has not failed, and does not ask to be spared. */
    static boolean isUnremarkable(@Nullable SharedHost shared, @Nullable Circuit circuit, long now) {
        return circuit == null
                && (shared == null || (shared.throttle() == 0 && Times.compare(shared.holdEnds(), now) <= 0));
    }

    /**
     * Returns what is to be remembered of a host, at the end of a request. From here on its moments are those of the
     * wall clock, which another process can read.
     *
     * @param shared null if the crawl is over, and a lease was left
     * @param circuit null if the host has not failed
     */
    static HostMemory memory(Host host, @Nullable SharedHost shared, @Nullable Circuit circuit, WallTime now) {
        long held = shared == null ? now.nanos() : shared.holdEnds();
        Duration throttle = Duration.ofNanos(shared == null ? 0 : shared.throttle());
        Instant heldUntil = Times.compare(held, now.nanos()) > 0 ? now.at(held) : Instant.EPOCH;
        if (circuit == null) {
            return new HostMemory(host, throttle, heldUntil, 0, 0, 0, Instant.EPOCH);
        }
        return new HostMemory(host, throttle, heldUntil, circuit.failures(), circuit.successes(),
                circuit.openingsInARow(),
                circuit.phase() == Circuit.Phase.CLOSED ? Instant.EPOCH : now.at(circuit.reopensAt()));
    }
}
