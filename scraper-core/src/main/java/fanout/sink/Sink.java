package fanout.sink;

import fanout.outcome.Outcome;
import java.io.IOException;

/**
 * Where outcomes go. A crawl calls its sinks from one thread at a time, the writer's, so implementations need no locks;
 * they must end within reasonable time when that thread is interrupted. The creator of a sink closes it. A sink into
 * which a killed crawl can be resumed is a {@link ResumableSink}.
 *
 * <p>An exception ends the crawl: what was fetched is counted as undelivered, and the report says so.
 */
@FunctionalInterface
public interface Sink extends AutoCloseable {

    /** Takes one outcome; a {@link fanout.outcome.Fetched} carries its items. */
    void write(Outcome outcome) throws IOException, InterruptedException;

    /** Makes what was written visible to readers. Called at least every second while there is something new. */
    default void flush() throws IOException {}

    @Override
    default void close() throws IOException {}
}
