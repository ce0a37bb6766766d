package fanout.internal.frontier;

import fanout.internal.host.HostFeedback;
import fanout.internal.host.RobotsRules;
import fanout.outcome.Failure;
import fanout.outcome.Outcome;
import fanout.outcome.Skipped;
import fanout.page.Link;
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

    /** A robots.txt or sitemap that is elsewhere. */
    record Moved(CanonicalUrl target, HostFeedback feedback) implements LeaseResult {}

    /** A robots.txt or sitemap that this attempt did not get. */
    record Missed(Failure failure, HostFeedback feedback) implements LeaseResult {}

    /** A robots.txt or sitemap that was given up because the crawl ends. */
    record GivenUp(HostFeedback feedback) implements LeaseResult {}
}
