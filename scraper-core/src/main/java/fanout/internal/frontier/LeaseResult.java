package fanout.internal.frontier;

import fanout.internal.host.HostFeedback;
import fanout.internal.host.RobotsRules;
import fanout.internal.host.Work;
import fanout.outcome.Failure;
import fanout.outcome.Outcome;
import fanout.outcome.Skipped;
import fanout.page.Attempt;
import fanout.page.Link;
import fanout.page.OpenSession;
import fanout.url.CanonicalUrl;
import java.util.List;
import java.util.Optional;

/** What came of a piece of work: the end of a lease. */
public sealed interface LeaseResult {

    /** What it says about the host. */
    HostFeedback feedback();

    /** Whether nothing was asked of the host, because the page is not allowed. */
    default boolean isUnasked() {
        return this instanceof PageResult page && page.outcome() instanceof Skipped;
    }

    /**
     * An attempt at a page.
     *
     * @param outcome of this attempt; the frontier decides whether it is the last
     * @param links to follow
     * @param linksDropped links of the page that are not to be followed
     */
    record PageResult(Outcome outcome, List<Link> links, int linksDropped, HostFeedback feedback)
            implements LeaseResult {}

    /** A robots.txt that was read, or is known not to exist. */
    record RobotsFound(RobotsRules rules, HostFeedback feedback) implements LeaseResult {}

    /**
     * A sitemap that was read.
     *
     * @param flaw why it could not be read to its end; empty if it was
     */
    record SitemapFound(
            List<CanonicalUrl> pages,
            List<CanonicalUrl> sitemaps,
            int dropped,
            Optional<Failure> flaw,
            HostFeedback feedback) implements LeaseResult {}

    /**
     * A response to a page that is that of an expired session.
     *
     * @param attempt that got it
     */
    record Refused(Attempt attempt, HostFeedback feedback) implements LeaseResult {}

    /** A step of a login that was made, or has redirected: the login continues. */
    record LoginContinues(Work.LogIn next, HostFeedback feedback) implements LeaseResult {}

    /** The last step of a login was made. */
    record LoggedIn(OpenSession session, HostFeedback feedback) implements LeaseResult {}

    /**
     * A login has failed.
     *
     * @param step at which, from 0 on
     * @param why what was missing, without a value
     */
    record LoginFailed(int step, String why, HostFeedback feedback) implements LeaseResult {}

    /** A robots.txt or sitemap that is elsewhere. */
    record Moved(CanonicalUrl target, HostFeedback feedback) implements LeaseResult {}

    /** A robots.txt, a sitemap or a step of a login that this attempt did not get. */
    record Missed(Failure failure, HostFeedback feedback) implements LeaseResult {}

    /** A robots.txt, a sitemap or a step of a login that was given up because the crawl ends. */
    record GivenUp(HostFeedback feedback) implements LeaseResult {}
}
