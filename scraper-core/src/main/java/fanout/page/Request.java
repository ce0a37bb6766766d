package fanout.page;

import fanout.url.CanonicalUrl;
import java.util.Optional;

/**
 * A URL to be fetched, and how the crawl found it. Immutable.
 *
 * @param depth links followed from a start URL, at first discovery; 0 for start URLs and sitemap entries
 * @param label the user's name for this kind of page, from the start URL or the follow rule that found it
 * @param referrer the page whose link or redirect was the first to this URL; empty for start URLs and sitemap entries
 */
public record Request(CanonicalUrl url, int depth, Optional<String> label, Optional<CanonicalUrl> referrer) {

    public Request {
        if (depth < 0) {
            throw new IllegalArgumentException("depth " + depth + " is negative");
        }
    }

    /** A request at depth 0 without a referrer. */
    public static Request start(CanonicalUrl url, Optional<String> label) {
        return new Request(url, 0, label, Optional.empty());
    }
}
