package fanout.load;

import java.lang.ref.Reference;
import java.time.Duration;

/**
 * Bytes of the heap that the frontier keeps, after a collection. The URLs themselves are among them: each is a text of 34 characters
 * here, and its host's name is shared by the pages of the host.
 *
 * @param waiting for each URL that waits
 * @param host for a host that has one URL, the URL included
 * @param seen for each URL that was fetched, of many at one host
 */
record Heap(double waiting, double host, double seen) {

    private static final Scenario SCENARIO = new Scenario(Duration.ofSeconds(1), Scenario.Source.OFFERED);

    static Heap of(int hosts, int seen) throws InterruptedException {
        double one = offered(hosts, 1);
        double ten = offered(hosts, Scenario.PAGES);
        return new Heap((ten - one) / (hosts * (Scenario.PAGES - 1)), one / hosts, seen(seen));
    }

    private static double offered(int hosts, int pages) {
        long before = used();
        Drive drive = new Drive(SCENARIO, hosts, new Costs());
        drive.offer(pages);
        long after = used();
        drive.leave();
        Reference.reachabilityFence(drive);
        return after - before;
    }

    private static double seen(int urls) throws InterruptedException {
        long before = used();
        Drive drive = new Drive(new Scenario(Duration.ZERO, Scenario.Source.OFFERED), 1, new Costs());
        drive.offer(urls);
        drive.fetchAll();
        long after = used();
        drive.leave();
        Reference.reachabilityFence(drive);
        return (double) (after - before) / urls;
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
