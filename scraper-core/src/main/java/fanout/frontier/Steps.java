package fanout.frontier;

import fanout.outcome.Outcome;
import fanout.outcome.Step;
import fanout.page.Request;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/**
 * Numbers what is settled. A worker sends the step that its lease gave it before it takes another lease, and at most
 * {@code window} steps are numbered beyond the oldest one that is not sent. That bounds what the writer, which restores
 * their order, has to keep.
 *
 * <p>Guarded by the frontier's lock.
 */
final class Steps {

    private final int window;
    private final Queue<LeaseEntry> unsent = new ArrayDeque<>();
    private final List<Outcome> decided = new ArrayList<>();
    private final List<Request> admitted = new ArrayList<>();
    private long last;

    /**
     * No steps yet.
     *
     * @param window steps that may be numbered while an earlier one is not sent
     */
    Steps(int window) {
        this.window = window;
    }

    /** A URL was admitted: it goes with the next step. */
    void admitted(Request request) {
        admitted.add(request);
    }

    /** Outcomes that no lease brings, because their URLs' hosts have decided them: they go with the next step. */
    void decided(List<Outcome> outcomes) {
        decided.addAll(outcomes);
    }

    /** The step of a lease that ends with these outcomes; empty if nothing was settled. */
    Optional<Step> of(LeaseEntry lease, List<Outcome> outcomes) {
        Optional<Step> step = of(outcomes);
        step.ifPresent(numbered -> {
            lease.step = numbered.number();
            unsent.add(lease);
        });
        return step;
    }

    /** A step that no lease gives; empty if nothing was settled. */
    Optional<Step> of(List<Outcome> outcomes) {
        if (decided.isEmpty() && outcomes.isEmpty() && admitted.isEmpty()) {
            return Optional.empty();
        }
        decided.addAll(outcomes);
        Step step = new Step(++last, decided, admitted);
        decided.clear();
        admitted.clear();
        return Optional.of(step);
    }

    /** Forgets steps that were sent; returns whether there were any. */
    boolean forgetSent() {
        boolean some = false;
        while (!unsent.isEmpty() && unsent.element().isSent()) {
            unsent.remove();
            some = true;
        }
        return some;
    }

    /** Whether an earlier step must be sent before another lease is given out. */
    boolean areTooFarAhead() {
        return !unsent.isEmpty() && last - unsent.element().step >= window;
    }
}
