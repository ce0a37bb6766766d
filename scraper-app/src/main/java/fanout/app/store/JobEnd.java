package fanout.app.store;

import java.time.Instant;
import java.util.Optional;

/**
 * What is remembered of a job when its crawls have been deleted: how its latest runs went.
 *
 * @param job the name
 * @param at when a crawl of it last ended
 * @param success when one last ended as a success; empty if none has
 * @param pages that were ok in the latest crawl that ran; empty if none has run
 * @param figures of the latest crawl that was judged, as JSON; empty if none was
 */
public record JobEnd(
        String job,
        Instant at,
        Optional<Instant> success,
        Optional<Long> pages,
        Optional<String> figures) {

    /** Of a job of which no crawl was judged. */
    public JobEnd(String job, Instant at, Optional<Instant> success, Optional<Long> pages) {
        this(job, at, success, pages, Optional.empty());
    }
}
