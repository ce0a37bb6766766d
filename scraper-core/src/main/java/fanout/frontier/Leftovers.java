package fanout.frontier;

import fanout.admission.PageBudget;
import fanout.outcome.CancelReason;
import fanout.outcome.Outcome;
import fanout.queue.HostQueue;
import fanout.queue.HostQueues;
import fanout.queue.Pending;
import fanout.task.Stage;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What still waits when a crawl ends, as the outcomes with which it ends; and the crawl leaves its hosts. Taken in batches: a crawl may
 * end with a million URLs untouched, and with as many hosts. Guarded by the frontier's lock.
 */
final class Leftovers {

    /** Hosts and outcomes of one batch, about: a page brings those of the redirects that led to it. */
    private static final int BATCH = 1_000;

    private final HostQueues queues;
    private final PageBudget budget;
    private final Tally tally;
    private @Nullable Iterator<HostQueue> hosts;
    private @Nullable HostQueue host;

    Leftovers(HostQueues queues, PageBudget budget, Tally tally) {
        this.queues = queues;
        this.budget = budget;
        this.tally = tally;
    }

    /** The next batch, which may be empty before the end. Nothing may be added from the first batch on. */
    List<Outcome> next(CancelReason why, long now) {
        Iterator<HostQueue> remaining = hosts == null ? queues.all() : hosts;
        hosts = remaining;
        List<Outcome> batch = new ArrayList<>();
        int left = 0;
        while (batch.size() + left < BATCH && !isDone()) {
            HostQueue current = host == null ? remaining.next() : host;
            List<Pending> pages = queues.takePagesAt(current, BATCH - batch.size());
            Stage stage = current.isAwaitingRobots() ? Stage.ROBOTS : Stage.POLITENESS;
            for (Pending page : pages) {
                List<Outcome> outcomes = outcomes(current, page, why, stage);
                current.count(outcomes.getLast()); // those before it are redirects
                batch.addAll(outcomes);
            }
            host = pages.isEmpty() ? null : current;
            if (pages.isEmpty()) {
                queues.leave(current, now);
                left++;
            }
        }
        return batch;
    }

    /** Whether there is no further batch. */
    boolean isDone() {
        return host == null && hosts != null && !hosts.hasNext();
    }

    private List<Outcome> outcomes(HostQueue queue, Pending page, CancelReason why, Stage stage) {
        Optional<List<Outcome>> decided = queue.verdictOn(page);
        if (decided.isPresent()) {
            return decided.get();
        }
        if (budget.isSpent()) {
            return page.overBudget();
        }
        tally.leftBehind(page, why, stage);
        return page.leftOver(why, stage);
    }
}
