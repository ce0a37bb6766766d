package fanout.load;

import java.time.Duration;

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

    static Heap of(int hosts, int seen) throws InterruptedException {
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

    /** Bytes of the heap in use after collections: as many as find something, because what some free only the next ones can. */
    static long used() {
        Runtime runtime = Runtime.getRuntime();
        long used = Long.MAX_VALUE;
        long before;
        do {
            before = used;
            for (int i = 0; i < COMPACTING; i++) {
                System.gc();
            }
            used = runtime.totalMemory() - runtime.freeMemory();
        } while (used < before);
        return used;
    }
}
