package fanout.page;

import fanout.page.Request.Details;
import fanout.url.CanonicalUrl;
import java.util.Optional;

/**
 * A link as a page spells it, and what the parser made of it. Whether the target is in scope or known already is
 * decided later, by the frontier. Immutable.
 *
 * @param url the target; empty if it is not http(s) or malformed, of UNSELECTED links, too
 * @param label the label that a follow rule gives the target
 * @param details of the request that a follow rule makes of it; empty: a GET with the data of the page's own request
 */
public record PageLink(
        String href,
        Optional<CanonicalUrl> url,
        Optional<String> label,
        Optional<Details> details,
        Fate fate) {

    /** What the parser makes of a link. */
    public enum Fate {
        /** It is offered to the crawl. */
        FOLLOWED,
        /** The page has the same link further up. */
        DUPLICATE,
        /** It, the page or the response says nofollow, and the job obeys. */
        NOFOLLOW,
        /** Longer than {@code maxUrlLength}. */
        TOO_LONG,
        /** The page has {@code maxLinksPerPage} links before it. */
        SURPLUS,
        /** Neither http nor https. */
        NOT_HTTP,
        /** Not a URL, or one that carries a user's name. */
        MALFORMED,
        /** A follow rule picks it, and leaves it out by include or exclude. */
        LEFT_OUT,
        /** None of the job's follow rules picks it. */
        UNSELECTED
    }
}
