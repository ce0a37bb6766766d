package fanout.sink;

import fanout.journal.Position;
import fanout.outcome.Outcome;
import java.io.IOException;

/**
 * Where outcomes go. A crawl calls its sinks from one thread at a time, the writer's, so implementations need no locks;
 * they must end within reasonable time when that thread is interrupted. The creator of a sink closes it.
 *
 * <p>An exception ends the crawl: what was fetched is counted as undelivered, and the report says so.
 */
@FunctionalInterface
public interface Sink extends AutoCloseable {

    /** Takes one outcome; a {@link fanout.outcome.Fetched} carries its items. */
    void write(Outcome outcome) throws IOException, InterruptedException;

    /** Makes what was written visible to readers. Called at least every second while there is something new. */
    default void flush() throws IOException {}

    /**
     * Whether a crawl that was killed can go on with this sink: it {@linkplain #commit commits}, and can
     * {@linkplain #resumeAt go back} to where it had committed.
     */
    default boolean isResumable() {
        return false;
    }

    /**
     * Makes everything that was written survive the end of the process and of the machine. Called about once a second,
     * and between outcomes that belong together, if the crawl keeps a journal. A flush is not called for besides.
     *
     * @return how far this sink has written: where it goes on if the crawl is resumed
     * @throws UnsupportedOperationException if it is not resumable
     */
    default Position commit() throws IOException {
        throw new UnsupportedOperationException("not resumable: " + this);
    }

    /**
     * Goes back to where it had committed, before the first write of a crawl that goes on. What was written after that
     * must be gone, for those outcomes come again.
     *
     * @param position what {@link #commit} returned, in this process or an earlier one; {@link Position#NONE} if
     *     nothing was ever committed
     * @throws fanout.journal.JournalException if what was committed is not there; nothing was changed. The sink changes
     *     nothing before its next write, commit or close, since another may refuse
     */
    default void resumeAt(Position position) throws IOException {
        throw new UnsupportedOperationException("not resumable: " + this);
    }

    @Override
    default void close() throws IOException {}
}
