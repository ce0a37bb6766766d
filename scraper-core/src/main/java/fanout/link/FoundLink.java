package fanout.link;

import java.util.Optional;

/**
 * A link as the page spells it.
 *
 * @param nofollow whether its own rel attribute says so
 */
record FoundLink(String href, Optional<String> label, boolean nofollow) {}
