package fanout.app.store;

import java.time.Instant;
import java.util.Optional;

/**
 * How a crawl has ended.
 *
 * @param state one that {@link CrawlState#isEnded}
 * @param finishReason the report's word; empty if there is no report
 * @param failure why it has failed or is lost, for people
 * @param progress the last figures, as JSON; empty keeps those that are there
 * @param bytes of its files
 * @param verdict whether it has brought what its job expects
 */
public record CrawlEnd(
        CrawlState state,
        Instant at,
        Optional<String> finishReason,
        Optional<String> failure,
        Optional<String> progress,
        long bytes,
        CrawlVerdict verdict) {

    public CrawlEnd {
        if (!state.isEnded()) {
            throw new IllegalArgumentException("no end: " + state);
        }
    }

    /** The end of a crawl that was not judged. */
    public CrawlEnd(CrawlState state, Instant at, Optional<String> finishReason, Optional<String> failure,
            Optional<String> progress, long bytes) {
        this(state, at, finishReason, failure, progress, bytes, CrawlVerdict.NONE);
    }

    /** The end of a crawl that has ended. */
    public static CrawlEnd of(CrawlRecord crawl) {
        return new CrawlEnd(crawl.state(), crawl.finishedAt().orElseThrow(), crawl.finishReason(), crawl.failure(),
                crawl.progress(), crawl.bytes(), new CrawlVerdict(Optional.empty(), crawl.broken()));
    }
}
