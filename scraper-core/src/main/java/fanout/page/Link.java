package fanout.page;

import fanout.url.CanonicalUrl;
import java.util.Optional;

/** A link that a page offers to follow, and the label its target gets. */
public record Link(CanonicalUrl url, Optional<String> label) {}
