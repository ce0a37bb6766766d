package fanout.load;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Duration;
import java.util.List;

/**
 * Bytes of the heap that the frontier keeps, after a collection. The URLs themselves are among them: each is a text of
 * 34 characters here, and its host's name is shared by the pages of the host.
 *
 * @param waiting for each URL that waits
 * @param host for a host that has one URL, the URL included
 * @param seen for each URL that was fetched, of many at one host
 */
record Heap(double waiting, double host, double seen) {

    /** The serial collector leaves some garbage where it is, but for every fourth collection. */
    private static final int COMPACTING = 4;

    private static final Scenario SCENARIO = new Scenario(Duration.ofSeconds(1), Scenario.Source.OFFERED);
    private static final List<MemoryPoolMXBean> POOLS = ManagementFactory.getMemoryPoolMXBeans()
            .stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();

    static Heap of(int hosts, int seen) throws InterruptedException {
        offered(1, 1); // what classes keep of their first use is not the frontier's
        double one = offered(hosts, 1);
        double all = offered(hosts, Scenario.PAGES);
        return new Heap((all - one) / (hosts * (Scenario.PAGES - 1)), one / hosts, seen(seen));
    }

    private static double offered(int hosts, int pages) throws InterruptedException {
        long before = used();
        Drive drive = new Drive(SCENARIO, hosts, new Costs());
        drive.offer(pages);
        drive.round(); // until the first step, the frontier keeps what is to be written of the URLs
        long after = used();
        drive.leave(); // not before: what is measured must be reachable
        return after - before;
    }

    private static double seen(int urls) throws InterruptedException {
        long before = used();
        Drive drive = new Drive(new Scenario(Duration.ZERO, Scenario.Source.OFFERED), 1, new Costs());
        drive.offer(urls);
        drive.fetchAll();
        long after = used();
        drive.leave(); // not before: what is measured must be reachable
        return (double) (after - before) / urls;
    }

    /**
     * Bytes of the heap that were in use right after a collection; of as many collections as find something, because
     * what some free only the next ones can. What is in use now would be more: each thread that has allocated since
     * then took a whole buffer, of megabytes.
     */
    static long used() {
        long used = Long.MAX_VALUE;
        long before;
        do {
            before = used;
            for (int i = 0; i < COMPACTING; i++) {
                System.gc();
            }
            used = POOLS.stream().mapToLong(pool -> pool.getCollectionUsage().getUsed()).sum();
        } while (used < before);
        return used;
    }
}
