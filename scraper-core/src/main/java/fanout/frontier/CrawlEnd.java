package fanout.frontier;

import fanout.report.FinishReason;
import fanout.task.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * The end of a crawl, decided in one place: nothing waits, nothing is leased and every {@link Source} is closed; or the page
 * budget is spent; or nothing can become ready before the deadline; or the crawl drains.
 *
 * <p>Guarded by the frontier's lock. Reading "the queue is empty" and "no worker is busy" one after the other would end a crawl
 * while a worker is about to add links.
 */
final class CrawlEnd {

    private final Outlook outlook;
    private final Deadline deadline;
    private final Waiters waiters;
    private int openSources;
    private boolean draining;
    private boolean isOutOfSpace;
    private boolean isRefused;
    private @Nullable FinishReason reason;

    CrawlEnd(Outlook outlook, Deadline deadline, Waiters waiters) {
        this.outlook = outlook;
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

    /**
     * Looks at the space on the disk. When all is spent nothing more is handed out.
     *
     * @param refused whether a URL was dropped to save space, so that the crawl can no longer be exhausted
     */
    void spaceIs(boolean spent, boolean refused) {
        if (reason == null && !draining && spent) {
            isOutOfSpace = true;
            waiters.wakeAll();
        }
        isRefused = refused;
    }

    /** Whether the crawl has ended for want of space. */
    boolean isOutOfSpace() {
        return isOutOfSpace && reason == FinishReason.INTERRUPTED;
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
            reason = reasonToEnd(now);
            if (reason != null) {
                waiters.wakeAll();
            }
        }
        return reason != null;
    }

    private @Nullable FinishReason reasonToEnd(long now) {
        if (openSources == 0 && outlook.isExhausted()) {
            isOutOfSpace |= isRefused && !draining;
            return isRefused ? FinishReason.INTERRUPTED : FinishReason.EXHAUSTED;
        }
        if (outlook.isBudgetSpent()) {
            return FinishReason.MAX_PAGES;
        }
        if (draining || isOutOfSpace) {
            return FinishReason.INTERRUPTED;
        }
        boolean late = deadline.atNanos() - now <= 0;
        return late || (openSources == 0 && outlook.isIdleUntil(deadline.atNanos(), now))
                ? FinishReason.MAX_DURATION
                : null;
    }
}
