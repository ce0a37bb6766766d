package fanout.url;

import java.util.Optional;
import okhttp3.HttpUrl;

/** The base URL of a page's links: its own URL, or what its base element says. Immutable. */
public final class LinkBase {

    private final CanonicalUrl url;
    private final HttpUrl parsed;

    LinkBase(CanonicalUrl url, HttpUrl parsed) {
        this.url = url;
        this.parsed = parsed;
    }

    public CanonicalUrl url() {
        return url;
    }

    /** The link's target; empty if it is malformed, not http(s), or carries userinfo. */
    public Optional<CanonicalUrl> resolve(String link) {
        return CanonicalUrl.canonical(parsed.resolve(CanonicalUrl.withoutControls(link)), url.host());
    }

    /** The base that a base element's href gives; this one if the href is unusable. */
    public LinkBase rebased(String href) {
        HttpUrl resolved = parsed.resolve(CanonicalUrl.withoutControls(href));
        return CanonicalUrl.canonical(resolved, url.host()).map(CanonicalUrl::asBase).orElse(this);
    }
}
