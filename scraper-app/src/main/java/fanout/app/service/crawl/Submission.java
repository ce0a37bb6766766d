package fanout.app.service.crawl;

import fanout.app.store.CrawlRecord;

/** What became of a job that was submitted. */
public sealed interface Submission {

    /** It waits, or runs already. */
    record Accepted(CrawlRecord crawl) implements Submission {}

    /** So many wait that no more may. */
    record Full(int waiting) implements Submission {}

    /** Nothing can be kept in the data folder at the moment, for this reason. */
    record Unkept(String reason) implements Submission {}

    /** The service stops, and takes no more; so many have not ended yet. */
    record Stopping(int live) implements Submission {}
}
