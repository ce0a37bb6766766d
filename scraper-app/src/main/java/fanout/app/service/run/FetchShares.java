package fanout.app.service.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many fetches each crawl may have in flight, so that all together never have more than the service allows. A crawl gets
 * what its job asks for, and at most an equal part of what is left, of which the places that are still free keep theirs. So
 * every crawl gets at least one, and what modest crawls leave goes to greedy ones that come later. Thread-safe.
 */
public final class FetchShares {

    private final int all;
    private final int places;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private int taken;
    @GuardedBy("lock")
    private int running;

    /**
     * @param all fetches in flight
     * @param places crawls at once; no more than there are fetches
     */
    public FetchShares(int all, int places) {
        this.all = all;
        this.places = places;
    }

    /** Takes a share for a crawl that begins: at least one fetch, at most what it wants. */
    int take(int wanted) {
        lock.lock();
        try {
            int share = Math.min(wanted, (all - taken) / (places - running));
            taken += share;
            running++;
            return share;
        } finally {
            lock.unlock();
        }
    }

    /** Gives the share of a crawl back that has ended. */
    void giveBack(int share) {
        lock.lock();
        try {
            taken -= share;
            running--;
        } finally {
            lock.unlock();
        }
    }
}
