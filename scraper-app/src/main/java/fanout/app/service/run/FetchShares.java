package fanout.app.service.run;

import java.util.concurrent.atomic.AtomicReference;

/**
 * How many fetches each crawl may have in flight, so that all together never have more than the service allows. A crawl
 * gets what its job asks for, and at most an equal part of what is left, of which the places that are still free keep
 * theirs. So every crawl gets at least one, and what modest crawls leave goes to greedy ones that come later.
 * Thread-safe.
 */
public final class FetchShares {

    private final int all;
    private final int places;
    private final AtomicReference<Taken> taken = new AtomicReference<>(new Taken(0, 0));

    /**
     * @param all fetches in flight
     * @param places crawls at once; no more than there are fetches
     */
    public FetchShares(int all, int places) {
        this.all = all;
        this.places = places;
    }

    private record Taken(int fetches, int crawls) {}

    private int share(Taken before, int wanted) {
        return Math.min(wanted, (all - before.fetches) / (places - before.crawls));
    }

    /** Takes a share for a crawl that begins: at least one fetch, at most what it wants. */
    int take(int wanted) {
        Taken before = taken.getAndUpdate(now -> new Taken(now.fetches + share(now, wanted), now.crawls + 1));
        return share(before, wanted);
    }

    /** Gives the share of a crawl back that has ended. */
    void giveBack(int share) {
        taken.updateAndGet(now -> new Taken(now.fetches - share, now.crawls - 1));
    }
}
