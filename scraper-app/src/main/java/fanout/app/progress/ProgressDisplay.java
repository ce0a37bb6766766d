package fanout.app.progress;

import fanout.CrawlProgress;
import java.time.Duration;

/**
 * A way to show progress. Confined to one thread; {@link #close} leaves nothing on the terminal that is not meant to
 * stay.
 */
interface ProgressDisplay extends AutoCloseable {

    /** The pause between two calls of {@link #show}. */
    Duration every();

    /** Shows a crawl at one moment. */
    void show(CrawlProgress now);

    @Override
    default void close() {}
}
