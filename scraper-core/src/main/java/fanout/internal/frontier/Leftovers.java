package fanout.internal.frontier;

import fanout.internal.host.HostState;
import fanout.internal.host.HostTable;
import fanout.internal.host.LabelShares;
import fanout.internal.host.Pending;
import fanout.outcome.CancelReason;
import fanout.outcome.Outcome;
import fanout.outcome.Skipped;
import fanout.outcome.Stage;
import fanout.outcome.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What still waits when a crawl ends, as the outcomes with which it ends; and the crawl leaves its hosts. Taken in
 * batches: a crawl may end with a million URLs untouched, and with as many hosts.
 *
 * <p>First come the outcomes that stay: of hosts which have decided them. Then, in provisional steps, those which the
 * crawl takes back if it resumes: of URLs that were in flight when it ended, and of all that waited.
 *
 * <p>Guarded by the frontier's lock.
 */
final class Leftovers {

    /** Hosts and outcomes of one batch, about: a page brings those of the redirects that led to it. */
    private static final int BATCH = 1_000;

    private final HostTable hosts;
    private final PageBudget budget;
    private final Tally tally;
    private final Redirects redirects;
    private final Queue<List<Outcome>> inFlight = new ArrayDeque<>();
    private @Nullable Iterator<HostState> condemned;
    private @Nullable Iterator<HostState> left;
    private @Nullable HostState host;

    Leftovers(HostTable hosts, PageBudget budget, Tally tally, Redirects redirects) {
        this.hosts = hosts;
        this.budget = budget;
        this.tally = tally;
        this.redirects = redirects;
    }

    /** The outcome of a page that was in flight when the crawl ended, and those of the redirects that led to it. */
    void add(List<Outcome> outcomes) {
        inFlight.add(outcomes);
    }

    /** The next batch; it may be empty before the end. Nothing may be added to the hosts from the first batch on. */
    Optional<Step> next(CancelReason why, long now, Steps steps) {
        if (left == null) {
            Iterator<HostState> all = condemned == null ? hosts.all() : condemned;
            condemned = all;
            if (host != null || all.hasNext()) {
                steps.settled(decided(all));
                return steps.hasSettled() ? steps.numbered() : Optional.empty();
            }
            left = hosts.all();
        }
        return steps.provisional(inFlight.isEmpty() ? waiting(left, why, now) : inFlight());
    }

    /** Of hosts that will not be asked again, in whatever run. */
    private List<Outcome> decided(Iterator<HostState> remaining) {
        List<Outcome> batch = new ArrayList<>();
        int seen = 0;
        while (batch.size() + seen < BATCH && (host != null || remaining.hasNext())) {
            HostState current = host == null ? remaining.next() : host;
            List<Pending> pages = current.isCondemned() ? hosts.takePagesAt(current, BATCH - batch.size()) : List.of();
            for (Pending page : pages) {
                List<Outcome> outcomes = current.verdictOn(page).orElseThrow();
                current.count(outcomes.getLast()); // those before it are redirects
                batch.addAll(redirects.lines(page, outcomes));
            }
            host = pages.isEmpty() ? null : current;
            seen += pages.isEmpty() ? 1 : 0;
        }
        return batch;
    }

    private List<Outcome> inFlight() {
        List<Outcome> batch = new ArrayList<>();
        while (batch.size() < BATCH && !inFlight.isEmpty()) {
            inFlight.remove().forEach(outcome -> {
                tally.deadlines(outcome);
                batch.add(outcome);
            });
        }
        return batch;
    }

    private List<Outcome> waiting(Iterator<HostState> remaining, CancelReason why, long now) {
        List<Outcome> batch = new ArrayList<>();
        int seen = 0;
        while (batch.size() + seen < BATCH && (host != null || remaining.hasNext())) {
            HostState current = host == null ? remaining.next() : host;
            List<Pending> pages = hosts.takePagesAt(current, BATCH - batch.size());
            Stage stage = current.isAwaitingRobots() ? Stage.ROBOTS : Stage.POLITENESS;
            for (Pending page : pages) {
                List<Outcome> outcomes = outcomes(current, page, why, stage);
                current.count(outcomes.getLast()); // those before it are redirects
                batch.addAll(outcomes);
            }
            host = pages.isEmpty() ? null : current;
            if (pages.isEmpty()) {
                hosts.leave(current, now);
                seen++;
            }
        }
        return batch;
    }

    /** Whether there is no further batch. */
    boolean isDone() {
        return host == null && left != null && !left.hasNext() && inFlight.isEmpty();
    }

    private List<Outcome> outcomes(HostState at, Pending page, CancelReason why, Stage stage) {
        if (at.isSpent()) {
            return cut(page.overBudget(Optional.of(CutPages.words(at))), () -> tally.cut(at));
        }
        Optional<LabelShares.Count> label = hosts.labels().spentBy(page.request());
        if (label.isPresent()) {
            return cut(page.overBudget(label.map(CutPages::words)), () -> tally.cut(label.get()));
        }
        if (budget.isSpent()) {
            return page.overBudget(Optional.empty());
        }
        tally.leftBehind(page, why, stage);
        return page.leftOver(why, stage);
    }

    private static List<Outcome> cut(List<Outcome> outcomes, Runnable counting) {
        if (outcomes.getLast() instanceof Skipped) { // and not a failure that would be tried again
            counting.run();
        }
        return outcomes;
    }
}
