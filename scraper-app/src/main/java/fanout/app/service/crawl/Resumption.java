package fanout.app.service.crawl;

import fanout.app.store.CrawlRecord;

/** What became of a request to go on with a crawl. */
public sealed interface Resumption {

    /** It waits for its turn. */
    record Accepted(CrawlRecord crawl) implements Resumption {}

    /** It cannot go on, for this reason. */
    record Hindered(String reason) implements Resumption {}

    /** It was deleted meanwhile. */
    record Gone(String id) implements Resumption {}

    /** So many wait that no more may. */
    record Full(int waiting) implements Resumption {}

    /** The service stops, and takes no more; so many have not ended yet. */
    record Stopping(int live) implements Resumption {}
}
