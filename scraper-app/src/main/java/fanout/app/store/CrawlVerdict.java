package fanout.app.store;

import java.util.Optional;

/**
 * What a crawl has come to that its job expects something of. Immutable.
 *
 * @param figures that later crawls of the job are compared with, as JSON; empty if it was not judged, or has no page
 * @param broken the expectations that do not hold, each in words, as a list in JSON; empty if all hold
 */
public record CrawlVerdict(Optional<String> figures, Optional<String> broken) {

    /** Of a crawl that was not judged. */
    public static final CrawlVerdict NONE = new CrawlVerdict(Optional.empty(), Optional.empty());
}
