package fanout.internal.task;

import fanout.internal.annotation.Internal;
/** The sending end of a {@link Channel}. Any number of threads may hold it; none of them can close the channel. */
@Internal
public interface Sender<T> {

    /**
     * Hands over an element, waiting while the channel is full. After {@code true} the element belongs to the receiver:
     * the sender must not touch it any more.
     *
     * @return false if the receiver has left and nothing will be taken any more
     * @throws IllegalStateException if the channel is closed: its owner closed it before its senders were done
     * @throws InterruptedException if interrupted while waiting; the element was not handed over
     */
    boolean send(T element) throws InterruptedException;
}
