package fanout.queue;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** Hosts of which no page will be tried, and pages wait for their outcome. Guarded by the frontier's lock. */
final class Condemned {

    private final Queue<HostQueue> hosts = new ArrayDeque<>();

    /** Adds a host if pages wait for it. */
    void add(HostQueue queue) {
        if (queue.hasPages()) {
            hosts.add(queue);
        }
    }

    boolean isEmpty() {
        return hosts.isEmpty();
    }

    /** The next one, whose pages may have their outcome; empty if its pages have had it meanwhile. */
    Optional<Turn> take() {
        HostQueue queue = hosts.poll();
        return queue == null || !queue.hasPages()
                ? Optional.empty()
                : Optional.of(new Turn(queue, new Work.Decide(queue.anyPage().url()), null));
    }
}
