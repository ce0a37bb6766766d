package fanout.internal.frontier;

import fanout.internal.host.HostState;
import fanout.internal.task.Ticker;
import fanout.internal.task.WallTime;
import fanout.outcome.Change;
import fanout.outcome.HostMemory;
import fanout.url.Host;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Notices what is to be remembered of hosts beyond a crash, and gives it to the steps. Most hosts are well and quick,
 * and there is nothing to remember. Guarded by the frontier's lock.
 */
final class Memory {

    /** A delay changes a little with every answer, and is written when it has changed by so much of itself. */
    private static final int PART = 8;

    private final Steps steps;
    private final Ticker ticker;
    private final Map<Host, HostMemory> remembered = new HashMap<>();

    Memory(Steps steps, Ticker ticker) {
        this.steps = steps;
        this.ticker = ticker;
    }

    /** A request to this host has ended. */
    void keep(HostState host, long moment) {
        if (remembered.isEmpty() && host.isUnremarkable(moment)) {
            return;
        }
        HostMemory now = host.memory(WallTime.of(ticker));
        HostMemory before = remembered.getOrDefault(host.host(), HostMemory.none(host.host()));
        if (isSame(before, now)) {
            return;
        }
        if (now.equals(HostMemory.none(host.host()))) {
            remembered.remove(host.host());
        } else {
            remembered.put(host.host(), now);
        }
        if (now.heldUntil().isAfter(before.heldUntil()) || now.openingsInARow() > before.openingsInARow()) {
            steps.changedAtOnce(new Change.HostChanged(now));
        } else {
            steps.changed(new Change.HostChanged(now));
        }
    }

    private static boolean isSame(HostMemory before, HostMemory now) {
        return before.failures() == now.failures() && before.successes() == now.successes()
                && before.openingsInARow() == now.openingsInARow()
                && before.openUntil().equals(now.openUntil())
                && !now.heldUntil().isAfter(before.heldUntil())
                && isNear(before.throttle(), now.throttle());
    }

    private static boolean isNear(Duration before, Duration now) {
        return before.minus(now).abs().multipliedBy(PART).compareTo(before) <= 0;
    }
}
