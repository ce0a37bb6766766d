package fanout.internal.parse;

import java.util.Optional;

/**
 * A link as the page spells it.
 *
 * @param nofollow whether its own rel attribute says so
 * @param rule the number of the follow rule that picked it; {@link #STANDARD} if none did
 */
record FoundLink(String href, Optional<String> label, boolean nofollow, int rule) {

    static final int STANDARD = -1;

    /** A link of the standard set. */
    FoundLink(String href, Optional<String> label, boolean nofollow) {
        this(href, label, nofollow, STANDARD);
    }
}
