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
 * @param broken expectations that do not hold, each in words, as a list in JSON; empty if it has none
 * @param ends how the service has ended while the crawl ran
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
        long bytes,
        Optional<String> broken,
        Ends ends) {

    /**
     * How earlier processes of the service have ended, as far as it concerns a crawl.
     *
     * @param unclean how many ended while it was running, without an orderly stop and without ten minutes of running
     *     since
     * @param suspended whether the last one suspended it in order
     * @param hold why it is held; empty unless it is
     */
    public record Ends(int unclean, boolean suspended, Optional<String> hold) {

        /** None that matters. */
        public static final Ends NONE = new Ends(0, false, Optional.empty());
    }

    /** A crawl that was submitted just now. */
    public static CrawlRecord submitted(String id, String name, boolean json, Instant now) {
        return new CrawlRecord(id, name, json, CrawlState.QUEUED, false, now, Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), 0, Optional.empty(), Ends.NONE);
    }
}
