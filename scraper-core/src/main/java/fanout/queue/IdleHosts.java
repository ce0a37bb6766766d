package fanout.queue;

import java.util.LinkedHashSet;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of a crawl that have no work. So many are remembered, with their rules, circuit and counts; of more, the one that
 * has been idle longest gives its state back, and is a new host if it gets work again. Guarded by the frontier's lock.
 */
final class IdleHosts {

    static final int MOST = 10_000;

    private final RuleRoom ruleRoom;
    private final SequencedSet<HostQueue> idle = new LinkedHashSet<>();

    IdleHosts(RuleRoom ruleRoom) {
        this.ruleRoom = ruleRoom;
    }

    /** A host has run out of work; returns the one to forget in its place, if there are too many. */
    @Nullable
    HostQueue add(HostQueue queue) {
        if (idle.add(queue)) {
            ruleRoom.becomesIdle(queue);
        }
        if (idle.size() <= MOST) {
            return null;
        }
        HostQueue oldest = idle.getFirst();
        remove(oldest);
        return oldest;
    }

    /** A host has work. */
    void remove(HostQueue queue) {
        if (idle.remove(queue)) {
            ruleRoom.becomesBusy(queue);
        }
    }
}
