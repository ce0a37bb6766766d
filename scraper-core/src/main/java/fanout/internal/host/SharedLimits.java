package fanout.internal.host;

/**
 * What the crawls of a process share: the hosts that they visit, and the limits that they keep together. Guarded by the
 * frontiers' lock.
 *
 * @param idleHosts without work, of which each crawl keeps the state
 */
public record SharedLimits(
        SharedHosts hosts,
        SitemapGate sitemapGate,
        RuleRoom ruleRoom,
        UrlRoom urlRoom,
        int idleHosts) {

    /** Hosts without work of which a crawl keeps the state, unless a test says otherwise. */
    public static final int IDLE_HOSTS = 10_000;

    /**
     * Returns limits of which nothing is used.
     *
     * @param ruleBytes what the robots.txt rules of all crawls may take in memory
     * @param urlBytes what their waiting URLs may take
     * @param opened called when a limit has let go of something: a crawl that found it reached may look again
     */
    public static SharedLimits of(long ruleBytes, long urlBytes, int idleHosts, Runnable opened) {
        return new SharedLimits(new SharedHosts(), new SitemapGate(opened), new RuleRoom(ruleBytes, opened),
                new UrlRoom(urlBytes), idleHosts);
    }

    /** Returns what the crawls at work keep at this moment. */
    public Kept kept() {
        return new Kept(hosts.size(), ruleRoom.used(), urlRoom.used());
    }

    /**
     * What is kept.
     *
     * @param hosts with work, or left lately
     * @param ruleBytes of robots.txt rules
     * @param urlBytes of waiting URLs
     */
    public record Kept(int hosts, long ruleBytes, long urlBytes) {}

    /**
     * What the pages that wait in all crawls of a process take in memory. While there is too much, no further URL is
     * admitted; those that are known are fetched, so the room empties by itself.
     *
     * <p>Guarded by the lock that the frontiers of the process share.
     */
    public static final class UrlRoom {

        private final long size;
        private long used;

        public UrlRoom(long size) {
            this.size = size;
        }

        /** Whether another URL may be admitted. */
        public boolean hasRoom() {
            return used < size;
        }

        /** So many bytes more are in use, or fewer. */
        public void changed(long bytes) {
            used += bytes;
        }

        /** Bytes in use, about. */
        public long used() {
            return used;
        }
    }
}
