package fanout.queue;

/**
 * The robots.txt rules of one crawl, in the {@link RuleRoom} of the process. A full room holds up further robots.txt files, but
 * never all of a crawl: one that has no rules may read those of one host, so that it waits for its own hosts only, and not for
 * rules that another crawl keeps.
 *
 * <p>Guarded by the frontier's lock.
 */
final class CrawlRules {

    private final RuleRoom room;
    private int reading;
    private long used;

    CrawlRules(RuleRoom room) {
        this.room = room;
    }

    /** Whether another robots.txt may be fetched. */
    boolean mayRead() {
        return !room.isFull() || (used == 0 && reading == 0);
    }

    /** A robots.txt is being fetched. */
    void reads() {
        reading++;
    }

    /** That fetch has ended. */
    void hasRead() {
        reading--;
    }

    /** A host's rules became known. */
    void add(long bytes) {
        used += bytes;
        room.add(bytes);
    }

    /** A host has dropped its rules. */
    void dropped(long bytes) {
        used -= bytes;
    }

    /** Says whether work needs a host's rules. */
    void needed(boolean needed, RuleRoom.Holder host) {
        if (needed) {
            room.becomesBusy(host);
        } else {
            room.becomesIdle(host);
        }
    }

    /** Has a host drop its rules for good. */
    void drop(RuleRoom.Holder host) {
        room.drop(host);
    }
}
