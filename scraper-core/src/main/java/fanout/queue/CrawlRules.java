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
    private final Runnable changed;
    private int reading;
    private long used;

    /** @param changed called when the crawl may read a robots.txt because its last rules were dropped */
    CrawlRules(RuleRoom room, Runnable changed) {
        this.room = room;
        this.changed = changed;
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
        if (bytes > 0 && used == 0) {
            changed.run();
        }
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
