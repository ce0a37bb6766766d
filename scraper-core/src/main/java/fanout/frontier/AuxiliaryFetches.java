package fanout.frontier;

import fanout.frontier.LeaseResult.Missed;
import fanout.frontier.LeaseResult.Moved;
import fanout.host.RobotsRules;
import fanout.job.CrawlJob;
import fanout.outcome.Failure;
import fanout.outcome.Outcome;
import fanout.queue.HostQueue;
import fanout.queue.HostQueues;
import fanout.queue.RobotsState;
import fanout.queue.Work;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** RobotsState.txt files and sitemaps: fetches that serve the crawl and are not pages. Guarded by the frontier's lock. */
final class AuxiliaryFetches {

    /** RFC 9309, section 2.3.1.2: at least five consecutive redirects, across hosts. */
    private static final int MOST_ROBOTS_REDIRECTS = 5;
    /** Half a billion URLs, by the protocol; more would be a trap. */
    private static final int MOST_SITEMAPS = 10_000;

    private static final Failure GIVEN_UP = new Failure.Connection("the host kept failing");

    private final CrawlJob job;
    private final HostQueues queues;
    private final Tally tally;
    private final RetryRule retry;
    private final Set<CanonicalUrl> seenSitemaps = new HashSet<>();

    AuxiliaryFetches(CrawlJob job, HostQueues queues, Tally tally, RetryRule retry) {
        this.job = job;
        this.queues = queues;
        this.tally = tally;
        this.retry = retry;
    }

    /** A host's robots.txt is known: its URLs are free to go, or decided. */
    List<Outcome> robotsFound(Work.FetchRobots work, RobotsRules rules, long now) {
        tally.errandEnded(work, true);
        return robotsKnown(work, rules, now);
    }

    private List<Outcome> robotsKnown(Work.FetchRobots work, RobotsRules rules, long now) {
        HostQueue queue = queues.of(work.of());
        boolean obey = job.politeness().obeyRobots();
        queue.robots = new RobotsState.Known(obey ? rules : RobotsRules.ALLOW_ALL);
        if (obey) {
            rules.crawlDelay().ifPresent(delay -> queue.pace = queue.pace.withCrawlDelay(atMost(delay)));
        }
        if (queues.wantsSitemapsOf(work.of())) {
            rules.sitemaps().forEach(sitemap -> sitemap(sitemap, now));
        }
        return queues.decideWaiting(queue, now);
    }

    private Duration atMost(Duration crawlDelay) {
        Duration most = job.politeness().maxCrawlDelay();
        return crawlDelay.compareTo(most) > 0 ? most : crawlDelay;
    }

    private List<Outcome> robotsMissed(Work.FetchRobots work, Failure failure, long now) {
        tally.errandEnded(work, false);
        if (!job.politeness().obeyRobots()) {
            return robotsKnown(work, RobotsRules.ALLOW_ALL, now);
        }
        HostQueue queue = queues.of(work.of());
        queue.robots = failure instanceof Failure.HttpStatus
                ? new RobotsState.Withheld(failure)
                : new RobotsState.Unreachable(failure);
        forgetSitemaps(queue);
        return queues.decideWaiting(queue, now);
    }

    /** Nothing is fetched from this host any more: hosts whose robots.txt it should have served go without. */
    List<Outcome> giveUp(HostQueue queue, long now) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Work robots : queue.backlog.drainRobots()) {
            outcomes.addAll(robotsMissed((Work.FetchRobots) robots, GIVEN_UP, now));
        }
        forgetSitemaps(queue);
        return outcomes;
    }

    /** Sitemaps of a host that is not asked any more count as failed. */
    private void forgetSitemaps(HostQueue queue) {
        for (Work sitemap : queue.backlog.drainSitemaps()) {
            tally.errandEnded(sitemap, false);
        }
    }

    /** Queues a sitemap that is new. */
    void sitemap(CanonicalUrl url, long now) {
        if (seenSitemaps.size() < MOST_SITEMAPS && seenSitemaps.add(url)) {
            queue(new Work.FetchSitemap(url, 0, 0), now, now);
        }
    }

    private void queue(Work.FetchSitemap sitemap, long notBefore, long now) {
        if (!queues.addSitemap(sitemap, notBefore, now)) {
            tally.errandEnded(sitemap, false);
        }
    }

    List<Outcome> moved(Work work, Moved moved, long now) {
        switch (work) {
            case Work.FetchRobots robots -> {
                if (robots.hops() >= MOST_ROBOTS_REDIRECTS) {
                    return robotsFound(robots, RobotsRules.ALLOW_ALL, now); // RFC 9309: as if unavailable
                }
                if (queues.of(moved.target().host()).circuit.isGivenUp()) {
                    return robotsMissed(robots, GIVEN_UP, now);
                }
                queues.addRobots(new Work.FetchRobots(robots.of(), moved.target(), robots.hops() + 1, 0), now, now);
            }
            case Work.FetchSitemap sitemap -> {
                if (sitemap.hops() < job.limits().maxRedirects() && seenSitemaps.add(moved.target())) {
                    queue(new Work.FetchSitemap(moved.target(), sitemap.hops() + 1, 0), now, now);
                } else {
                    tally.errandEnded(sitemap, false);
                }
            }
            case Work.FetchPage _ -> throw new IllegalArgumentException("a page is no errand");
        }
        return List.of();
    }

    List<Outcome> missed(Work work, Missed missed, long now) {
        tally.deadlines(missed.failure());
        switch (work) {
            case Work.FetchRobots robots -> {
                int attempts = robots.attempts() + 1;
                if (!retry.appliesToRobots(missed.failure(), attempts, missed.answer())) {
                    return robotsMissed(robots, missed.failure(), now);
                }
                tally.retries++;
                queues.addRobots(new Work.FetchRobots(robots.of(), robots.url(), robots.hops(), attempts),
                        retry.at(attempts, now), now);
            }
            case Work.FetchSitemap sitemap -> {
                int attempts = sitemap.attempts() + 1;
                if (retry.applies(missed.failure(), attempts, missed.answer())) {
                    tally.retries++;
                    queue(new Work.FetchSitemap(sitemap.url(), sitemap.hops(), attempts),
                            retry.at(attempts, now), now);
                } else {
                    tally.errandEnded(sitemap, false);
                }
            }
            case Work.FetchPage _ -> throw new IllegalArgumentException("a page is no errand");
        }
        return List.of();
    }
}
