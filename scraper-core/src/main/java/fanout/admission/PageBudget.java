package fanout.admission;

/**
 * How many more pages may become ok. A page in flight holds its share in advance, because whether it succeeds is known only
 * when it is too late to stop the others: so the budget is exact, never one more. Guarded by the frontier's lock.
 */
public final class PageBudget {

    private final long most;
    private long spent;
    private long reserved;

    public PageBudget(long most) {
        this.most = most;
    }

    public boolean isSpent() {
        return spent >= most;
    }

    /** So many pages were ok in earlier runs of the crawl; they may be more than this one allows. */
    public void restore(long ok) {
        spent = ok;
    }

    /** Whether another page may be leased. */
    public boolean allowsOneMore() {
        return spent + reserved < most;
    }

    public void reserve() {
        if (!allowsOneMore()) {
            throw new IllegalStateException("page budget overdrawn");
        }
        reserved++;
    }

    /** Ends a reservation: a page that became ok spends it. */
    public void giveBack(boolean ok) {
        reserved--;
        spent += ok ? 1 : 0;
    }
}
