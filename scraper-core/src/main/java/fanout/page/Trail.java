package fanout.page;

import java.util.Optional;

/**
 * The requests that led to a URL's outcome. Immutable.
 *
 * @param attempts requests made for it (retries included)
 * @param redirects hops that led to it
 * @param last the last attempt; empty if the URL was never tried
 */
public record Trail(int attempts, int redirects, Optional<Attempt> last) {

    /** The trail of a URL that was never tried. */
    public static final Trail NONE = new Trail(0, 0, Optional.empty());

    public Trail {
        if (attempts < 0 || redirects < 0) {
            throw new IllegalArgumentException("a trail counts up from 0");
        }
    }
}
