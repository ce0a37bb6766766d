package fanout.page;

import fanout.url.CanonicalUrl;
import java.util.Optional;

/**
 * A link that a page offers to follow. Immutable.
 *
 * @param label that its target gets
 * @param details of the request for it; empty: a GET with the data of the page's own request
 */
public record Link(CanonicalUrl url, Optional<String> label, Optional<Request.Details> details) {

    /** A link to a page that gets the data of the page's own request. */
    public Link(CanonicalUrl url, Optional<String> label) {
        this(url, label, Optional.empty());
    }
}
