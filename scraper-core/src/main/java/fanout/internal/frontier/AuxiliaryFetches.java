package fanout.internal.frontier;

import fanout.internal.frontier.LeaseResult.Missed;
import fanout.internal.frontier.LeaseResult.Moved;
import fanout.internal.host.HostState;
import fanout.internal.host.HostTable;
import fanout.internal.host.RobotsRules;
import fanout.internal.host.Work;
import fanout.job.CrawlJob;
import fanout.outcome.Change;
import fanout.outcome.Failure;
import fanout.outcome.Reason;
import fanout.url.CanonicalUrl;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Robots.txt files and sitemaps: fetches that serve the crawl and are not pages. Guarded by the frontier's lock. */
final class AuxiliaryFetches {

    /** RFC 9309, section 2.3.1.2: at least five consecutive redirects, across hosts. */
    private static final int MOST_ROBOTS_REDIRECTS = 5;
    /** Half a billion URLs, by the protocol; more would be a trap. */
    private static final int MOST_SITEMAPS = 10_000;

    private static final Failure GIVEN_UP = new Failure.Connection("the host kept failing");

    private final boolean obeyRobots;
    private final int maxRedirects;
    private final int maxUrlLength;
    private final HostTable hosts;
    private final Tally tally;
    private final RetryRule retry;
    private final Steps steps;
    private final Set<CanonicalUrl> seenSitemaps = new HashSet<>();

    AuxiliaryFetches(CrawlJob job, HostTable hosts, Tally tally, RetryRule retry, Steps steps) {
        this.obeyRobots = job.politeness().obeyRobots();
        this.maxRedirects = job.limits().maxRedirects();
        this.maxUrlLength = job.limits().maxUrlLength();
        this.hosts = hosts;
        this.tally = tally;
        this.retry = retry;
        this.steps = steps;
    }

    /** A host's robots.txt is known: its URLs are free to go. */
    void robotsFound(Work.FetchRobots work, RobotsRules rules, long now) {
        tally.auxiliaryRead(work);
        robotsKnown(work, rules, now);
    }

    private void robotsKnown(Work.FetchRobots work, RobotsRules rules, long now) {
        hosts.robotsKnown(work.of(), obeyRobots ? rules.withoutSitemaps() : RobotsRules.ALLOW_ALL, now);
        if (hosts.wantsSitemapsOf(work.of())) {
            rules.sitemaps().forEach(sitemap -> sitemap(sitemap, now));
        }
    }

    private void robotsMissed(Work.FetchRobots work, Failure failure, long now) {
        tally.auxiliaryFailed(work, failure);
        if (obeyRobots) {
            forgetSitemaps(hosts.of(work.of()), withoutRobots(failure), "robots.txt: " + failure.detail());
            hosts.robotsMissed(work.of(), failure, now);
        } else {
            robotsKnown(work, RobotsRules.ALLOW_ALL, now);
        }
    }

    /** Nothing is fetched from this host any more: hosts whose robots.txt it should have served go without. */
    void giveUp(HostState host, long now) {
        for (Work robots : hosts.takeAllAt(host, Work.Kind.ROBOTS)) {
            robotsMissed((Work.FetchRobots) robots, GIVEN_UP, now);
        }
        forgetSitemaps(host, Reason.CIRCUIT_OPEN, GIVEN_UP.detail());
    }

    /** As for pages: a host that answers and withholds its robots.txt forbids; one that does not answer fails. */
    private static Reason withoutRobots(Failure failure) {
        return failure instanceof Failure.HttpStatus ? Reason.ROBOTS : failure.reason();
    }

    /** Sitemaps of a host that is not asked any more count as failed. */
    private void forgetSitemaps(HostState host, Reason reason, String detail) {
        for (Work sitemap : hosts.takeAllAt(host, Work.Kind.SITEMAP)) {
            tally.auxiliaryFailed(sitemap, reason, detail);
        }
    }

    /** Queues a sitemap that is new. */
    void sitemap(CanonicalUrl url, long now) {
        if (isNew(url)) {
            queue(new Work.FetchSitemap(url, 0, 0), now, now);
        }
    }

    private boolean isNew(CanonicalUrl sitemap) {
        if (seenSitemaps.size() >= MOST_SITEMAPS || sitemap.length() > maxUrlLength || !seenSitemaps.add(sitemap)) {
            return false;
        }
        steps.changed(new Change.SitemapFound(sitemap));
        return true;
    }

    /** A sitemap that an earlier run of the crawl has done with. */
    void restore(Change.SitemapEnded ended) {
        seenSitemaps.add(ended.url());
        tally.restore(ended);
    }

    private void queue(Work.FetchSitemap sitemap, long notBefore, long now) {
        if (!hosts.addSitemap(sitemap, notBefore, now)) {
            boolean failsAlways = hosts.of(sitemap.url().host()).isGivenUp();
            tally.auxiliaryFailed(sitemap, failsAlways ? Reason.CIRCUIT_OPEN : Reason.ROBOTS,
                    failsAlways ? GIVEN_UP.detail() : "its host's robots.txt could not be read");
        }
    }

    void moved(Work work, Moved moved, long now) {
        switch (work) {
            case Work.FetchRobots robots -> robotsMoved(robots, moved.target(), now);
            case Work.FetchSitemap sitemap -> {
                if (sitemap.hops() >= maxRedirects) {
                    tally.auxiliaryFailed(sitemap, new Failure.TooManyRedirects(maxRedirects));
                } else if (isNew(moved.target())) {
                    steps.changed(new Change.SitemapEnded(sitemap.url(), Optional.empty(), ""));
                    queue(new Work.FetchSitemap(moved.target(), sitemap.hops() + 1, 0), now, now);
                } else if (isReadElsewhere(sitemap, moved.target())) {
                    tally.auxiliaryRead(sitemap);
                } else {
                    tally.auxiliaryFailed(sitemap, new Failure.BadRedirect(
                            "leads in a circle, to one sitemap too many or to too long a URL: " + moved.target()));
                }
            }
            case Work.FetchPage _,Work.LogIn _ -> throw notAuxiliary(work);
        }
    }

    /** Sites name a sitemap and the one that it redirects to. */
    private boolean isReadElsewhere(Work.FetchSitemap sitemap, CanonicalUrl target) {
        return sitemap.hops() == 0 && !target.equals(sitemap.url()) && seenSitemaps.contains(target);
    }

    private void robotsMoved(Work.FetchRobots robots, CanonicalUrl target, long now) {
        if (robots.hops() >= MOST_ROBOTS_REDIRECTS || target.length() > maxUrlLength) {
            robotsFound(robots, RobotsRules.ALLOW_ALL, now); // RFC 9309: as if unavailable
        } else if (hosts.of(target.host()).isGivenUp()) {
            robotsMissed(robots, GIVEN_UP, now);
        } else {
            hosts.addRobots(new Work.FetchRobots(robots.of(), target, robots.hops() + 1, 0), now, now);
        }
    }

    void missed(Work work, Missed missed, long now) {
        tally.deadlines(missed.failure());
        switch (work) {
            case Work.FetchRobots robots -> {
                int attempts = robots.attempts() + 1;
                if (retry.appliesToRobots(missed.failure(), attempts, missed.feedback())) {
                    hosts.addRobots(new Work.FetchRobots(robots.of(), robots.url(), robots.hops(), attempts),
                            retry.at(attempts, now), now);
                } else {
                    robotsMissed(robots, missed.failure(), now);
                }
            }
            case Work.FetchSitemap sitemap -> {
                int attempts = sitemap.attempts() + 1;
                if (retry.applies(missed.failure(), attempts, missed.feedback())) {
                    queue(new Work.FetchSitemap(sitemap.url(), sitemap.hops(), attempts), retry.at(attempts, now), now);
                } else {
                    tally.auxiliaryFailed(sitemap, missed.failure());
                }
            }
            case Work.FetchPage _,Work.LogIn _ -> throw notAuxiliary(work);
        }
    }

    private static IllegalArgumentException notAuxiliary(Work work) {
        return new IllegalArgumentException("not auxiliary: " + work);
    }
}
