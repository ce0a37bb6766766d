package fanout.load;

import fanout.internal.frontier.Frontier;
import java.time.Duration;

/** What an observer of the frontier costs while every host has pages that wait. */
final class Observer {

    private static final int SNAPSHOTS = 1_000;
    private static final int BUSIEST = 100;

    private Observer() {}

    /**
     * An observer's costs.
     *
     * @param snapshotMicros of a snapshot
     * @param dueSnapshotMicros of a snapshot for which the time of further hosts has come
     * @param hostsMillis of the list of the busiest hosts, which holds the lock for a few hosts at a time
     */
    record Costs(double snapshotMicros, double dueSnapshotMicros, double hostsMillis) {}

    static Costs of(int hosts) throws InterruptedException {
        Scenario scenario = new Scenario(Duration.ofSeconds(1), Scenario.Source.OFFERED);
        Drive drive = new Drive(scenario, hosts, new fanout.load.Costs());
        drive.offer();
        double snapshot = snapshots(drive.frontier(), SNAPSHOTS);
        double busiest = busiest(drive.frontier());
        int fetched = 0;
        while (fetched < hosts) {
            fetched += drive.round();
        }
        drive.clock().advance(scenario.delay().toNanos());
        double due = snapshots(drive.frontier(), Math.max(1, hosts / 100));
        drive.leave();
        return new Costs(snapshot / 1e3, due / 1e3, busiest / 1e6);
    }

    private static double snapshots(Frontier frontier, int count) {
        long waiting = 0;
        long begun = fanout.load.Costs.now();
        for (int i = 0; i < count; i++) {
            waiting += frontier.snapshot().urls().ready();
        }
        long spent = fanout.load.Costs.now() - begun;
        if (waiting == 0) {
            throw new IllegalStateException("nothing is ready");
        }
        return (double) spent / count;
    }

    private static double busiest(Frontier frontier) {
        long begun = fanout.load.Costs.now();
        int listed = frontier.hosts(BUSIEST).size();
        long spent = fanout.load.Costs.now() - begun;
        if (listed == 0) {
            throw new IllegalStateException("no host is listed");
        }
        return spent;
    }
}
