package fanout.simulation;

import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.FetchListener;
import fanout.internal.fetch.FetchRequest;
import fanout.internal.fetch.Fetcher;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The network of a process that may die: what it does after that, no host sees. Confined to the simulation. */
final class MortalNetwork implements Fetcher {

    private final Fetcher network;
    private final NetworkLog log;
    /** Requests that were under way when the process died, and when they were written. */
    private final Map<Visit, Optional<Moment>> torn = new HashMap<>();
    private boolean isDead;

    MortalNetwork(Fetcher network, NetworkLog log) {
        this.network = network;
        this.log = log;
    }

    @Override
    public Fetch fetch(FetchRequest request, FetchListener listener) throws InterruptedException {
        if (isDead) {
            throw new InterruptedException("the process is dead");
        }
        return network.fetch(request, listener);
    }

    void die() {
        isDead = true;
        log.underWay().forEach(visit -> torn.put(visit, visit.written));
    }

    boolean isDead() {
        return isDead;
    }

    /** After the simulated end of the process: what it saw of answers after its death, it did not see. */
    void bury() {
        torn.forEach((visit, written) -> {
            visit.interrupted = true;
            visit.status = 0;
            visit.written = written;
            visit.retryAfter = Optional.empty();
        });
    }

    @Override
    public int activeConnections() {
        return network.activeConnections();
    }

    @Override
    public void close() {
        network.close();
    }
}
