package fanout.internal.host;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Bounds how many bytes the robots.txt rules of all crawls of a process take. When there are too many, rules that no
 * work waits for are dropped, those unused for longest first: a host that gets such work again has its robots.txt read
 * again. If that is not enough, no further robots.txt is fetched until a host has run out of work, except by
 * {@linkplain Share crawls that have no rules at all}. What is exceeded at most is what the fetches under way bring
 * along, and the rules of one host for each crawl.
 *
 * <p>The robots.txt of another host may wait at a host, after a redirect. It needs none of that host's rules: were they
 * kept for it, it could wait for memory that its own host takes up.
 *
 * <p>Guarded by the lock that the frontiers of the process share.
 */
final class RuleRoom {

    private final long size;
    private final Runnable opened;
    /** Hosts whose rules no work needs, and whose share the rules count in. */
    private final SequencedMap<Holder, Share> idle = new LinkedHashMap<>();
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

    /**
     * The rules of one crawl. A full room holds up further robots.txt files, but never all of a crawl: one that has no
     * rules may read those of one host, so it waits for its own hosts only, and not for rules that another crawl keeps.
     */
    final class Share {

        private int reading;
        private long bytes;

        private Share() {}

        /** Whether another robots.txt may be fetched. */
        boolean mayRead() {
            return !isFull() || (bytes == 0 && reading == 0);
        }

        /** Notes that a robots.txt is being fetched. */
        void reads() {
            reading++;
        }

        /** Notes that such a fetch has ended. */
        void hasRead() {
            reading--;
        }

        /** Adds a host's rules, which became known. */
        void add(long more) {
            boolean wasFull = isFull();
            bytes += more;
            used += more;
            dropIdle(wasFull);
        }

        /** Says whether work needs a host's rules; if none does, they may be dropped. */
        void needed(boolean needed, Holder host) {
            if (needed) {
                idle.remove(host);
            } else {
                idle.put(host, this);
                dropIdle(isFull());
            }
        }

        /** Drops a host's rules, since it is known no longer. */
        void drop(Holder host) {
            boolean wasFull = isFull();
            idle.remove(host);
            dropRules(host, this);
            openAfter(wasFull);
        }
    }

    /** Returns the share of a crawl without rules. */
    Share newShare() {
        return new Share();
    }

    private boolean isFull() {
        return used >= size;
    }

    private void dropIdle(boolean wasFull) {
        while (isFull() && !idle.isEmpty()) {
            Map.Entry<Holder, Share> first = idle.pollFirstEntry();
            dropRules(first.getKey(), first.getValue());
        }
        openAfter(wasFull);
    }

    private void dropRules(Holder host, Share share) {
        long dropped = host.dropRules();
        used -= dropped;
        share.bytes -= dropped;
    }

    private void openAfter(boolean wasFull) {
        if (wasFull && !isFull()) {
            opened.run();
        }
    }

    /** Returns the bytes in use. */
    public long used() {
        return used;
    }
}
