package fanout.app.store;

import java.time.Instant;
import java.util.Optional;

/**
 * What is remembered of a crawl. Immutable.
 *
 * @param name the job's
 * @param json whether the job was submitted as JSON
 * @param endWanted whether a person has asked it to end, which a restart of the service must not forget
 * @param startedAt of its first run
 * @param finishReason the report's word
 * @param failure why it has failed or is lost, for people
 * @param progress the last figures, as JSON
 * @param bytes of its files, when it ended
 */
public record CrawlRecord(
        String id,
        String name,
        boolean json,
        CrawlState state,
        boolean endWanted,
        Instant createdAt,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        Optional<String> finishReason,
        Optional<String> failure,
        Optional<String> progress,
        long bytes) {

    /** A crawl that was submitted just now. */
    public static CrawlRecord submitted(String id, String name, boolean json, Instant now) {
        return new CrawlRecord(id, name, json, CrawlState.QUEUED, false, now, Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), 0);
    }
}
