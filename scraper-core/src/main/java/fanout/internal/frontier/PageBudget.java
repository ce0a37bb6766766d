package fanout.internal.frontier;

import fanout.page.Request;

/**
 * How many more pages may become ok. A page in flight holds its share in advance, because whether it succeeds is known
 * only when it is too late to stop the others: so the budget is exact, never one more. Guarded by the frontier's lock.
 */
final class PageBudget {

    private final long most;
    private long spent;
    private long reserved;

    PageBudget(long most) {
        this.most = most;
    }

    boolean isSpent() {
        return spent >= most;
    }

    /** So many pages were ok in earlier runs of the crawl; they may be more than this one allows. */
    void restore(long ok) {
        spent = ok;
    }

    /** Whether another page may be leased. */
    boolean allowsOneMore() {
        return spent + reserved < most;
    }

    /** A link out of scope is no page, and takes nothing. */
    void reserve(Request request) {
        if (request.isExternal()) {
            return;
        }
        if (!allowsOneMore()) {
            throw new IllegalStateException("page budget overdrawn");
        }
        reserved++;
    }

    /** Ends a reservation: a page that became ok spends it. */
    void giveBack(Request request, boolean ok) {
        if (request.isExternal()) {
            return;
        }
        reserved--;
        spent += ok ? 1 : 0;
    }
}
