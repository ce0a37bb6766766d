package fanout.internal.frontier;

import fanout.journal.Space;
import fanout.outcome.Change;
import fanout.outcome.Counts;
import fanout.outcome.Outcome;
import fanout.outcome.Step;
import fanout.page.Request;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Numbers what is settled. A worker sends the step that its lease gave it before it takes another lease, and at most
 * {@code window} steps are numbered beyond the oldest one that is not sent. That bounds what the writer, which restores
 * their order, has to keep.
 *
 * <p>Guarded by the frontier's lock.
 */
final class Steps {

    private final int window;
    private final Queue<Sending> unsent = new ArrayDeque<>();
    private final List<Outcome> settled = new ArrayList<>();
    private final List<Request> admitted = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private final Supplier<Counts> counts;
    /** Whether a change waits that should not wait for a URL to be settled. */
    private boolean isUrgent;
    private long last;
    private final Space space;
    private boolean wasSpaceRefused;

    /** A step on its way to the sink: what the frontier knows of a worker that sends it. */
    static class Sending {

        private long number;
        /** Set by the worker, without the lock, after it has sent the step; read under the lock. */
        private volatile boolean sent;

        /** Says that the step was sent, or is left with another who sends it. */
        final void sent() {
            sent = true;
        }
    }

    /**
     * No steps yet.
     *
     * @param window steps that may be numbered while an earlier one is not sent
     * @param space reserved for the lines of URLs that are admitted
     * @param counts what is counted by the end of a step
     */
    Steps(int window, Space space, Supplier<Counts> counts) {
        this.window = window;
        this.space = space;
        this.counts = counts;
    }

    /** A URL was admitted: it goes with the next step. */
    void admitted(Request request) {
        admitted.add(request);
        waits(request);
    }

    /** A URL gets a line, whatever becomes of it: one that was admitted now, or by an earlier run. */
    void waits(Request request) {
        space.reserve(Space.ofLine(request));
    }

    /** Whether another URL may get a line. */
    boolean haveSpace() {
        boolean has = space.hasRoom();
        wasSpaceRefused |= !has;
        return has;
    }

    /** Whether a URL was dropped because it may not: the crawl knows of more than it will ever fetch. */
    boolean wasSpaceRefused() {
        return wasSpaceRefused;
    }

    /** Whether the crawl's files take all that they may, with the lines that are to come. */
    boolean isSpaceSpent() {
        return space.isSpent();
    }

    /** What a crawl must know when it resumes: it goes with the next step. */
    void changed(Change change) {
        changes.add(change);
    }

    /**
     * The same, and the lease that ends gives a step even if it settles nothing: until it is written, a crash forgets
     * it.
     */
    void changedAtOnce(Change change) {
        changes.add(change);
        isUrgent = true;
    }

    /** URLs are settled, by a lease that ends or by the state of their host: their outcomes go with the next step. */
    void settled(List<Outcome> outcomes) {
        settled.addAll(outcomes);
    }

    /**
     * Numbers the step that a worker will send, with all that was told since the last one; empty if nothing was
     * settled.
     */
    Optional<Step> numbered(Sending sending) {
        Optional<Step> step = numbered();
        if (step.isPresent()) {
            sending.number = step.get().number();
            unsent.add(sending);
        }
        return step;
    }

    /** The same for a step that the pool sends, after its last worker has ended. */
    Optional<Step> numbered() {
        if (settled.isEmpty() && admitted.isEmpty() && !isUrgent) {
            return Optional.empty();
        }
        Step step = next(settled, false);
        settled.clear();
        return Optional.of(step);
    }

    /** Whether outcomes wait for a step, which are not provisional. */
    boolean hasSettled() {
        return !settled.isEmpty();
    }

    /** A step of outcomes that a crawl takes back if it resumes; empty without outcomes. */
    Optional<Step> provisional(List<Outcome> outcomes) {
        return outcomes.isEmpty() ? Optional.empty() : Optional.of(next(outcomes, true));
    }

    private Step next(List<Outcome> outcomes, boolean isProvisional) {
        Step step = new Step(++last, outcomes, admitted, changes, counts.get(), isProvisional);
        admitted.clear();
        changes.clear();
        isUrgent = false;
        return step;
    }

    /** Forgets steps that were sent; returns whether there were any. */
    boolean forgetSent() {
        boolean some = false;
        while (!unsent.isEmpty() && unsent.element().sent) {
            unsent.remove();
            some = true;
        }
        return some;
    }

    /** Whether an earlier step must be sent before another lease is given out. */
    boolean areTooFarAhead() {
        return !unsent.isEmpty() && last - unsent.element().number >= window;
    }
}
