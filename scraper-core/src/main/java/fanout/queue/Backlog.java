package fanout.queue;

import fanout.task.Times;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one host, and from when on each piece may be taken. A host with nothing to do takes next to no memory: the
 * queues are made when something waits in them, and dropped when they are empty. Guarded by the frontier's lock.
 */
final class Backlog {

    /** What waits at any host of a crawl. */
    static final class Waiting {

        private final UrlRoom room;
        private long pieces;
        private long pages;

        Waiting(UrlRoom room) {
            this.room = room;
        }

        boolean isNothing() {
            return pieces == 0;
        }

        long pages() {
            return pages;
        }

        private void add(Pending page) {
            pieces++;
            pages++;
            room.add(page);
        }

        private void remove(Pending page) {
            pages--;
            room.remove(page);
        }
    }

    /** Robots.txt or a sitemap, and when it may be fetched. */
    private record Auxiliary(Work work, long notBefore) {}

    private final Waiting waiting;
    private @Nullable Queue<Auxiliary> robots;
    private @Nullable Queue<Auxiliary> sitemaps;
    private @Nullable Queue<Pending> fresh;
    private @Nullable Queue<Pending> retries;

    Backlog(Waiting waiting) {
        this.waiting = waiting;
    }

    void add(Pending pending) {
        waiting.add(pending);
        if (pending.last() == null) {
            fresh = fresh == null ? new ArrayDeque<>(1) : fresh;
            fresh.add(pending);
        } else {
            retries = retries == null
                    ? new PriorityQueue<>(1, Comparator.comparing(Pending::notBefore, Times::compare))
                    : retries;
            retries.add(pending);
        }
    }

    void addRobots(Work.FetchRobots work, long notBefore) {
        waiting.pieces++;
        robots = robots == null ? auxiliary() : robots;
        robots.add(new Auxiliary(work, notBefore));
    }

    void addSitemap(Work.FetchSitemap work, long notBefore) {
        waiting.pieces++;
        sitemaps = sitemaps == null ? auxiliary() : sitemaps;
        sitemaps.add(new Auxiliary(work, notBefore));
    }

    private static Queue<Auxiliary> auxiliary() {
        return new PriorityQueue<>(1, Comparator.comparing(Auxiliary::notBefore, Times::compare));
    }

    /** Pages that wait here. */
    int pages() {
        return (fresh == null ? 0 : fresh.size()) + (retries == null ? 0 : retries.size());
    }

    boolean isEmpty() {
        return robots == null && sitemaps == null && fresh == null && retries == null;
    }

    /** Whether something waits that may not be fetched without the host's rules. */
    boolean needsRules() {
        return sitemaps != null || fresh != null || retries != null;
    }

    /** From when on a robots.txt may be fetched, if one waits. */
    OptionalLong robotsAt() {
        return firstAt(robots);
    }

    /** From when on a sitemap may be fetched, if one waits. */
    OptionalLong sitemapAt() {
        return firstAt(sitemaps);
    }

    private static OptionalLong firstAt(@Nullable Queue<Auxiliary> queue) {
        return queue == null ? OptionalLong.empty() : OptionalLong.of(queue.element().notBefore());
    }

    /**
     * From when on a page may be fetched, if one waits.
     *
     * @param always a moment past: first attempts wait for nothing
     */
    OptionalLong pageAt(long always) {
        if (fresh != null) {
            return OptionalLong.of(always);
        }
        return retries == null ? OptionalLong.empty() : OptionalLong.of(retries.element().notBefore());
    }

    /** A page that waits; there must be one. */
    Pending anyPage() {
        return Objects.requireNonNull(fresh != null ? fresh : retries).element();
    }

    /** Takes the robots.txt that is due first; there must be one. */
    Work takeRobots() {
        Work work = taken(robots).work();
        robots = unlessEmpty(robots);
        return work;
    }

    /** Takes the sitemap that is due first; there must be one. */
    Work takeSitemap() {
        Work work = taken(sitemaps).work();
        sitemaps = unlessEmpty(sitemaps);
        return work;
    }

    /** Takes a page that is due; there must be one. Repetitions go before first attempts, for they have waited longer. */
    Pending takePage(long now) {
        boolean retryIsDue = retries != null && Times.compare(retries.element().notBefore(), now) <= 0;
        Pending pending = taken(retryIsDue ? retries : fresh);
        waiting.remove(pending);
        fresh = unlessEmpty(fresh);
        retries = unlessEmpty(retries);
        return pending;
    }

    /** Takes so many pages, or all if there are fewer. */
    List<Pending> takePages(int most) {
        List<Pending> pages = new ArrayList<>();
        while (pages.size() < most && (fresh != null || retries != null)) {
            Pending page = taken(fresh != null ? fresh : retries);
            waiting.remove(page);
            pages.add(page);
            fresh = unlessEmpty(fresh);
            retries = unlessEmpty(retries);
        }
        return pages;
    }

    /** Takes every sitemap. */
    List<Work> takeSitemaps() {
        List<Work> all = new ArrayList<>();
        while (sitemaps != null) {
            all.add(takeSitemap());
        }
        return all;
    }

    /** Takes every robots.txt. */
    List<Work> takeAllRobots() {
        List<Work> all = new ArrayList<>();
        while (robots != null) {
            all.add(takeRobots());
        }
        return all;
    }

    private <T> T taken(@Nullable Queue<T> queue) {
        if (queue == null) {
            throw new IllegalStateException("nothing waits");
        }
        waiting.pieces--;
        return queue.remove();
    }

    private static <T> @Nullable Queue<T> unlessEmpty(@Nullable Queue<T> queue) {
        return queue == null || queue.isEmpty() ? null : queue;
    }
}
