package fanout.host;

import fanout.job.CircuitBreaking;
import fanout.job.CrawlJob;
import fanout.outcome.HostMemory;
import fanout.task.Ticker;
import fanout.task.WallTime;
import fanout.url.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a crawl that goes on remembers of its hosts, until it visits them. To every host, remembered or not, its restart is a request: it may have asked
 * any of them a moment before it was killed.
 *
 * <p>Guarded by the frontier's lock.
 */
public final class HostMemories {

    private final Duration maxRetryAfter;
    private final CircuitBreaking settings;
    private final Ticker ticker;
    private final Map<Host, HostMemory> paces = new HashMap<>();
    private final Map<Host, HostMemory> circuits = new HashMap<>();
    private @Nullable WallTime restart;

    /** No memories, as of a crawl that begins. */
    public HostMemories(CrawlJob job, Ticker ticker) {
        this.maxRetryAfter = job.politeness().maxRetryAfter();
        this.settings = job.circuitBreaker();
        this.ticker = ticker;
    }

    /** The crawl goes on. */
    public void restarted(WallTime at) {
        restart = at;
    }

    /** What was known of a host. */
    public void add(HostMemory memory) {
        paces.put(memory.host(), memory);
        circuits.put(memory.host(), memory);
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
}
