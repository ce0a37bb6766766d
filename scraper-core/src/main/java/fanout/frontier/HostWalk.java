package fanout.frontier;

import fanout.queue.HostQueue;
import fanout.queue.HostQueues;
import fanout.queue.HostSnapshot;
import fanout.task.Ticker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads the hosts of a crawl for an observer: a few hosts for each time that it holds the frontier's lock, so that no
 * worker waits for the walk. Each host is right at its moment; hosts that come or go meanwhile may be missing, and one
 * that is forgotten and comes again may be there twice. Thread-safe.
 */
final class HostWalk {

    private static final int AT_A_TIME = 64;

    private static final Comparator<HostSnapshot> BUSIEST_FIRST = Comparator.comparingInt(HostSnapshot::inFlight)
            .thenComparingInt(HostSnapshot::queued)
            .thenComparingLong(host -> host.ok() + host.failed())
            .reversed()
            .thenComparing(host -> host.host().toString());

    private final HostQueues queues;
    private final ReentrantLock lock;
    private final Ticker ticker;

    HostWalk(HostQueues queues, ReentrantLock lock, Ticker ticker) {
        this.queues = queues;
        this.lock = lock;
        this.ticker = ticker;
    }

    List<HostSnapshot> busiest(int most) {
        PriorityQueue<HostSnapshot> busiest = new PriorityQueue<>(BUSIEST_FIRST.reversed());
        Iterator<HostQueue> hosts = queues.all();
        for (List<HostSnapshot> some = next(hosts); !some.isEmpty(); some = next(hosts)) {
            for (HostSnapshot host : some) {
                busiest.add(host);
                if (busiest.size() > most) {
                    busiest.remove();
                }
            }
        }
        return busiest.stream().sorted(BUSIEST_FIRST).toList();
    }

    private List<HostSnapshot> next(Iterator<HostQueue> hosts) {
        List<HostSnapshot> some = new ArrayList<>(AT_A_TIME);
        lock.lock();
        try {
            long now = ticker.nanos();
            while (some.size() < AT_A_TIME && hosts.hasNext()) {
                some.add(hosts.next().snapshot(now));
            }
        } finally {
            lock.unlock();
        }
        return some;
    }
}
