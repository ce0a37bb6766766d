package fanout.app.service.crawl;

import fanout.app.service.run.Ending;
import fanout.app.service.run.ProgressView;
import fanout.app.store.CrawlState;

/** What became of a request to end a crawl. */
public sealed interface Cancellation {

    /** It ends, or has just ended because it had not begun. */
    record Asked(CrawlState state, Ending ending, ProgressView progress) implements Cancellation {}

    /** It had ended before. */
    record Over(CrawlState state) implements Cancellation {}
}
