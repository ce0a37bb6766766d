package fanout.sink;

import fanout.journal.Position;
import java.io.IOException;

/**
 * A sink into which a crawl with a journal can be resumed after its process was killed: it {@linkplain #commit commits}
 * what it was given, and can {@linkplain #resumeAt go back} to where it had committed.
 *
 * <p>Used by one thread at a time, and closed by its creator, as every {@link Sink} is.
 */
public interface ResumableSink extends Sink {

    /**
     * Makes everything that was written survive the end of the process and of the machine. Called before the first
     * write, about once a second between outcomes that belong together, and at the end. No flush is called for first.
     *
     * @return how far this sink has written, which is where a resumed crawl continues
     */
    Position commit() throws IOException;

    /**
     * The journal has the position that {@link #commit} returned last, so nothing up to there comes again. A sink that
     * cannot take back what it has sent, as to a server, sends it here.
     */
    default void recorded() throws IOException {}

    /**
     * Goes back to where it had committed, before the first write of a resumed crawl. What was written after that must
     * be gone, for those outcomes come again.
     *
     * @param position what {@link #commit} returned, in this process or an earlier one; {@link Position#NONE} if
     *     nothing was ever committed
     * @throws fanout.journal.JournalException if what was committed is missing; nothing was changed. The sink changes
     *     nothing before its next write, commit or close, since another may refuse
     */
    void resumeAt(Position position) throws IOException;
}
