package fanout.frontier;

import fanout.host.Answer;
import fanout.host.RobotsRules;
import fanout.page.Failure;
import fanout.page.Link;
import fanout.page.Outcome;
import fanout.page.Skipped;
import fanout.url.CanonicalUrl;
import java.util.List;

/** What a worker found out: the end of a lease. */
public sealed interface Finding {

    /** What it says about the host. */
    Answer answer();

    /** Whether nothing was asked of the host, because the page is not allowed. */
    default boolean isUnasked() {
        return this instanceof PageFinding page && page.outcome() instanceof Skipped;
    }

    /**
     * An attempt at a page.
     *
     * @param outcome of this attempt; the frontier decides whether it is the last
     * @param links to follow
     * @param linksDropped links of the page that are not to be followed
     */
    record PageFinding(Outcome outcome, List<Link> links, int linksDropped, Answer answer) implements Finding {}

    /** A robots.txt that was read, or is known not to exist. */
    record RobotsFound(RobotsRules rules, Answer answer) implements Finding {}

    /** A sitemap that was read. */
    record SitemapFound(List<CanonicalUrl> pages, List<CanonicalUrl> sitemaps, int dropped, Answer answer)
            implements Finding {}

    /** A robots.txt or sitemap that is elsewhere. */
    record Moved(CanonicalUrl target, Answer answer) implements Finding {}

    /** A robots.txt or sitemap that this attempt did not get. */
    record Missed(Failure failure, Answer answer) implements Finding {}

    /** A robots.txt or sitemap that was given up because the crawl ends. */
    record GivenUp(Answer answer) implements Finding {}
}
