package fanout.queue;

import java.util.LinkedHashSet;
import java.util.SequencedSet;

/**
 * How many bytes the robots.txt rules of all crawls of a process take. When there are too many, rules of hosts without work
 * are dropped, those without work for longest first: a host that gets work again has its robots.txt read again. If that is
 * not enough, no further robots.txt is fetched until a host has run out of work. What is exceeded at most is what the fetches
 * under way bring along.
 *
 * <p>Guarded by the lock that the frontiers of the process share.
 */
public final class RuleRoom {

    private final long size;
    private final Runnable opened;
    private final SequencedSet<Holder> idle = new LinkedHashSet<>();
    private long used;

    /**
     * A room for so many bytes.
     *
     * @param opened called when there is room again: a crawl that found none may look again
     */
    public RuleRoom(long size, Runnable opened) {
        this.size = size;
        this.opened = opened;
    }

    /** A host whose rules can be read again. */
    interface Holder {

        /** Forgets the rules; returns their bytes. */
        long dropRules();
    }

    boolean isFull() {
        return used >= size;
    }

    /** Rules were read, or dropped if the number is negative. */
    void add(long bytes) {
        boolean wasFull = isFull();
        used += bytes;
        dropIdle();
        if (wasFull && !isFull()) {
            opened.run();
        }
    }

    /** A host has no work: its rules may be dropped. */
    void becomesIdle(Holder holder) {
        idle.add(holder);
        dropIdle();
    }

    /** A host has work, or has lost its rules. */
    void becomesBusy(Holder holder) {
        idle.remove(holder);
    }

    private void dropIdle() {
        while (isFull() && !idle.isEmpty()) {
            used -= idle.removeFirst().dropRules();
        }
    }

    /** Bytes in use. */
    public long used() {
        return used;
    }
}
