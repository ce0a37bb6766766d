package fanout.page;

import fanout.url.CanonicalUrl;
import java.util.Optional;

/**
 * A link as a page spells it, and what the parser made of it. Whether the target is in scope, or known already, is not the
 * page's to say.
 *
 * @param url empty where the fate is NOT_HTTP or MALFORMED, or would be, had a rule picked what is UNSELECTED
 * @param label the name that a follow rule gives it
 */
public record PageLink(String href, Optional<CanonicalUrl> url, Optional<String> label, Fate fate) {

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
        /** None of the job's follow rules picks it. */
        UNSELECTED
    }
}
