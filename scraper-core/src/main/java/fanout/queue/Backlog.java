package fanout.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one host, and from when on each piece may be taken: robots.txt before anything else, then sitemaps, then
 * pages, repetitions before first attempts. Guarded by the frontier's lock.
 */
public final class Backlog {

    /** RobotsState.txt or a sitemap to fetch. */
    record Errand(Work work, long notBefore) {}

    /** What all hosts share: how much waits at any of them, and how many sitemaps are being fetched. */
    static final class Common {

        private static final int MOST_SITEMAPS_AT_ONCE = 2;

        private long waiting;
        private int sitemapsOut;

        boolean nothingWaits() {
            return waiting == 0;
        }

        void sitemapTaken() {
            sitemapsOut++;
        }

        void sitemapGivenBack() {
            sitemapsOut--;
        }

        private boolean allowsSitemap() {
            return sitemapsOut < MOST_SITEMAPS_AT_ONCE;
        }
    }

    private final Common common;
    private final PriorityQueue<Errand> robotsErrands = errands();
    private final PriorityQueue<Errand> sitemaps = errands();
    private final ArrayDeque<Pending> fresh = new ArrayDeque<>();
    private final PriorityQueue<Pending> retries = new PriorityQueue<>(
            Comparator.comparing(Pending::notBefore, Times::compare));

    Backlog(Common common) {
        this.common = common;
    }

    private static PriorityQueue<Errand> errands() {
        return new PriorityQueue<>(1, Comparator.comparing(Errand::notBefore, Times::compare));
    }

    public void add(Pending pending) {
        common.waiting++;
        if (pending.last() == null) {
            fresh.add(pending);
        } else {
            retries.add(pending);
        }
    }

    public void add(Errand errand) {
        common.waiting++;
        switch (errand.work()) {
            case Work.FetchRobots _ -> robotsErrands.add(errand);
            case Work.FetchSitemap _ -> sitemaps.add(errand);
            case Work.FetchPage _ -> throw new IllegalArgumentException("a page is no errand");
        }
    }

    /** URLs of pages that wait here. */
    public int pages() {
        return fresh.size() + retries.size();
    }

    /** From when on a robots.txt may be fetched, if one waits. */
    OptionalLong robotsAt() {
        Errand robotsTxt = robotsErrands.peek();
        return robotsTxt == null ? OptionalLong.empty() : OptionalLong.of(robotsTxt.notBefore());
    }

    /**
     * From when on something may be fetched, if anything waits.
     *
     * @param always a moment at which first attempts may be made: they wait for nothing
     */
    OptionalLong nextAt(long always) {
        if (!fresh.isEmpty()) {
            return OptionalLong.of(always);
        }
        Errand sitemap = common.allowsSitemap() ? sitemaps.peek() : null;
        Pending retry = retries.peek();
        OptionalLong at = sitemap == null ? robotsAt() : Times.sooner(robotsAt(), sitemap.notBefore());
        return retry == null ? at : Times.sooner(at, retry.notBefore());
    }

    /** Takes a robots.txt that is due. */
    Optional<Work> pollRobots(long now) {
        return isDue(robotsErrands.peek(), now) ? Optional.of(taken(robotsErrands.remove().work())) : Optional.empty();
    }

    /** Takes a sitemap that is due. */
    Optional<Work> pollSitemap(long now) {
        return common.allowsSitemap() && isDue(sitemaps.peek(), now)
                ? Optional.of(taken(sitemaps.remove().work()))
                : Optional.empty();
    }

    private static boolean isDue(@Nullable Errand errand, long now) {
        return errand != null && Times.compare(errand.notBefore(), now) <= 0;
    }

    /** Takes a page that is due: repetitions before first attempts, for they have waited longer. */
    public Pending pollPage(long now) {
        Pending retry = retries.peek();
        return taken(retry != null && Times.compare(retry.notBefore(), now) <= 0 ? retries.remove() : fresh.remove());
    }

    /** Takes every page that waits here. */
    public List<Pending> drainPages() {
        List<Pending> drained = new ArrayList<>(fresh);
        drained.addAll(retries);
        fresh.clear();
        retries.clear();
        common.waiting -= drained.size();
        return drained;
    }

    boolean hasSitemaps() {
        return !sitemaps.isEmpty();
    }

    /** Takes every sitemap that waits here. */
    public List<Work> drainSitemaps() {
        return drain(sitemaps);
    }

    /** Takes every robots.txt that waits here. */
    public List<Work> drainRobots() {
        return drain(robotsErrands);
    }

    private List<Work> drain(PriorityQueue<Errand> errands) {
        List<Work> drained = errands.stream().map(Errand::work).toList();
        errands.clear();
        common.waiting -= drained.size();
        return drained;
    }

    private <T> T taken(T work) {
        common.waiting--;
        return work;
    }
}
