package fanout.internal.frontier;

import fanout.internal.task.Deadline;
import fanout.report.FinishReason;
import org.jspecify.annotations.Nullable;

/**
 * The end of a crawl, decided in one place: nothing waits, nothing is leased and every {@link Source} is closed; or the
 * page budget is spent, or those of all that waits are; or nothing can become ready before the deadline; or the crawl
 * drains, or has no session.
 *
 * <p>Guarded by the frontier's lock. Reading "the queue is empty" and "no worker is busy" one after the other would end
 * a crawl while a worker is about to add links.
 */
final class Completion {

    private final Ledger ledger;
    private final Deadline deadline;
    private final Waiters waiters;
    private int openSources;
    private boolean draining;
    private boolean isOutOfSpace;
    private @Nullable FinishReason reason;

    Completion(Ledger ledger, Deadline deadline, Waiters waiters) {
        this.ledger = ledger;
        this.deadline = deadline;
        this.waiters = waiters;
    }

    void sourceOpened() {
        openSources++;
    }

    void sourceClosed() {
        openSources--;
    }

    /** Nothing more is handed out from now on. */
    void drain() {
        draining = true;
        waiters.wakeAll();
    }

    /** Whether the crawl has ended for want of space. */
    boolean isOutOfSpace() {
        return isOutOfSpace;
    }

    boolean isDraining() {
        return draining;
    }

    /** Why nothing more is handed out; null while something may be. */
    @Nullable
    FinishReason reason() {
        return reason;
    }

    /** Whether nothing more is handed out. Once it is so, it stays so. */
    boolean hasCome(long now) {
        if (reason == null) {
            reason = withinSpace(reasonToEnd(now));
            if (reason != null) {
                waiters.wakeAll();
            }
        }
        return reason != null;
    }

    /**
     * A crawl whose files take all that they may hands out nothing more; one that has dropped links for that is not
     * exhausted.
     */
    private @Nullable FinishReason withinSpace(@Nullable FinishReason found) {
        isOutOfSpace = !draining && (found == null ? ledger.isSpaceSpent()
                : found == FinishReason.EXHAUSTED && ledger.wasSpaceRefused());
        return isOutOfSpace ? FinishReason.INTERRUPTED : found;
    }

    private @Nullable FinishReason reasonToEnd(long now) {
        if (ledger.loginFailure().isPresent()) {
            return FinishReason.FAILED;
        }
        if (openSources == 0 && ledger.isExhausted()) {
            return FinishReason.EXHAUSTED;
        }
        if (ledger.isBudgetSpent() || (openSources == 0 && ledger.isCut())) {
            return FinishReason.MAX_PAGES;
        }
        if (draining) {
            return FinishReason.INTERRUPTED;
        }
        boolean late = deadline.atNanos() - now <= 0;
        return late || (openSources == 0 && ledger.isIdleUntil(deadline.atNanos(), now))
                ? FinishReason.MAX_DURATION
                : null;
    }
}
