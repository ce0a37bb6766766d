package fanout.internal.task;

import fanout.internal.annotation.Internal;
import java.time.Duration;
import java.util.List;

/** The receiving end of a {@link Channel}. */
@Internal
public interface Receiver<T> {

    /**
     * Takes the next element, waiting at most this long for one.
     *
     * @throws InterruptedException if interrupted while waiting; no element is lost
     */
    Received<T> receive(Duration atMost) throws InterruptedException;

    /**
     * Leaves: every blocked and every later {@code send} returns false. Idempotent.
     *
     * @return the elements that were sent and not received
     */
    List<T> cancel();
}
