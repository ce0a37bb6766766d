package fanout.outcome;

import fanout.internal.annotation.Internal;
import fanout.url.CanonicalUrl;
import fanout.url.Host;
import java.util.Optional;

/** What a crawl must know when it resumes, besides URLs and their outcomes. Immutable. */
@Internal
public sealed interface Change {

    /**
     * A redirect is followed: the chain that had reached its URL has reached its target. Its line is written when the
     * chain ends.
     */
    record Followed(Redirected redirected) implements Change {}

    /** A sitemap is to be read. */
    record SitemapFound(CanonicalUrl url) implements Change {}

    /**
     * A sitemap was read, or will not be.
     *
     * @param reason why it was not read to its end; empty if it was
     * @param detail of the reason, in words for people
     */
    record SitemapEnded(CanonicalUrl url, Optional<Reason> reason, String detail) implements Change {}

    /** A start URL's redirects have ended at this host, which belongs to a scope that names no domains. */
    record Widened(Host host) implements Change {}

    /** What is known of a host has changed. */
    record HostChanged(HostMemory memory) implements Change {}
}
