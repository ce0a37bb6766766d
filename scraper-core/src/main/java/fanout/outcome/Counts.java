package fanout.outcome;

import fanout.internal.annotation.Internal;
import java.util.Map;

/**
 * What a crawl has counted so far, except outcomes. Immutable.
 *
 * @param duplicates links to URLs that were known already
 * @param outOfScope links that the scope excludes
 * @param dropped links lost to a limit or to nofollow
 * @param peakLeased pieces of work that were in the hands of workers at once
 * @param deadlineExceeded deadlines that passed, by the stage that spent them; shared, and never changed
 */
@Internal
public record Counts(
        long duplicates,
        long outOfScope,
        long dropped,
        long retries,
        long robotsOk,
        long robotsFailed,
        long sitemapsOk,
        long sitemapsFailed,
        int peakLeased,
        Map<Stage, Long> deadlineExceeded) {

    /** Nothing yet. */
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, Map.of());
}
