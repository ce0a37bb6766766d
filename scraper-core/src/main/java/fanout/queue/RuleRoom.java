package fanout.queue;

import java.util.LinkedHashSet;
import java.util.SequencedSet;

/**
 * How many bytes the robots.txt rules of all crawls of a process take. When there are too many, rules that no work waits for
 * are dropped, those unused for longest first: a host that gets such work again has its robots.txt read again. If that is
 * not enough, no further robots.txt is fetched until a host has run out of work, but by {@linkplain CrawlRules crawls
 * that have no rules at all}. What is exceeded at most is what the fetches under way bring along, and the rules of one
 * host for each crawl.
 *
 * <p>The robots.txt of another host may wait at a host, after a redirect. It needs none of that host's rules: were they
 * kept for it, it could wait for room that its own host takes up.
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

        /** Drops the rules, if there are any; returns their bytes. */
        long dropRules();
    }

    boolean isFull() {
        return used >= size;
    }

    /** Rules were read. */
    void add(long bytes) {
        boolean wasFull = isFull();
        used += bytes;
        dropIdle(wasFull);
    }

    /** A host is known no longer, and its rules are not kept. */
    void drop(Holder holder) {
        boolean wasFull = isFull();
        idle.remove(holder);
        used -= holder.dropRules();
        openAfter(wasFull);
    }

    /** No work needs a host's rules: they may be dropped. */
    void becomesIdle(Holder holder) {
        idle.add(holder);
        dropIdle(isFull());
    }

    /** Work needs a host's rules, or it has lost them. */
    void becomesBusy(Holder holder) {
        idle.remove(holder);
    }

    private void dropIdle(boolean wasFull) {
        while (isFull() && !idle.isEmpty()) {
            used -= idle.removeFirst().dropRules();
        }
        openAfter(wasFull);
    }

    private void openAfter(boolean wasFull) {
        if (wasFull && !isFull()) {
            opened.run();
        }
    }

    /** Bytes in use. */
    public long used() {
        return used;
    }
}
