package fanout.report;

/**
 * What a crawl left behind. Anything but zeros is a bug. Every figure is read from a source that the crawl does not
 * count down itself.
 *
 * @param liveTasks threads of the crawl that still run. Platform threads are read from a thread dump. The workers'
 *     virtual threads are checked one by one, because a dump of virtual threads can crash JDK 25
 * @param activeConnections connections in use, from the HTTP client's pool
 * @param openBodies response bodies not closed
 * @param heldLeases leases not finished, from the frontier's table
 * @param undeliveredResults results that no sink took
 */
public record LeakCheck(int liveTasks, int activeConnections, int openBodies, int heldLeases, long undeliveredResults) {

    /** Nothing was left behind, and every result was delivered. */
    public static final LeakCheck CLEAN = new LeakCheck(0, 0, 0, 0, 0);

    /**
     * Whether no task, connection, body or lease was left behind; undelivered results are a sink's failure, not a leak.
     */
    public boolean isClean() {
        return liveTasks == 0 && activeConnections == 0 && openBodies == 0 && heldLeases == 0;
    }
}
