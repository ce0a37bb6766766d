package fanout.queue;

import java.util.LinkedHashSet;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of a crawl that have no work. So many are remembered, with their rules, circuit and counts; of more, the one that
 * has been idle longest gives its state back, and is a new host if it gets work again. Guarded by the frontier's lock.
 */
final class IdleHosts {

    private final int most;
    private final SequencedSet<HostState> idle = new LinkedHashSet<>();

    /** @param most how many are remembered */
    IdleHosts(int most) {
        this.most = most;
    }

    /** A host has run out of work; returns the one to forget in its place, if there are too many. */
    @Nullable
    HostState add(HostState queue) {
        if (!queue.isAmongIdle) {
            queue.isAmongIdle = true;
            idle.add(queue);
        }
        return idle.size() <= most ? null : removeFirst();
    }

    private HostState removeFirst() {
        HostState first = idle.removeFirst();
        first.isAmongIdle = false;
        return first;
    }

    /** A host has work. */
    void remove(HostState queue) {
        if (queue.isAmongIdle) {
            queue.isAmongIdle = false;
            idle.remove(queue);
        }
    }
}
