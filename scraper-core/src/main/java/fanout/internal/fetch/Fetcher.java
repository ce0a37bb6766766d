package fanout.internal.fetch;

/**
 * One attempt at one URL: no retries, no redirects, no politeness. The port behind which the network lives; the
 * production implementation is OkHttp's, simulations bring their own.
 *
 * <p>Thread-safe: any number of threads may fetch at once. Every response body is closed before {@code fetch} returns
 * or throws.
 */
public interface Fetcher extends AutoCloseable {

    /**
     * Sends the request and reads what of the response it asks for, under the current
     * {@link fanout.internal.task.Deadline}. A
     * wait for memory does not count against it, and is bounded by the deadline around it.
     *
     * @param listener called on the calling thread when a stage begins and when the request was written
     * @return closed by the caller
     * @throws InterruptedException if the thread was interrupted before or during the attempt; the connection is given
     *     up
     */
    Fetch fetch(FetchRequest request, FetchListener listener) throws InterruptedException;

    /**
     * Ends the requests that are in flight, whose threads are about to be interrupted: sooner than thousands of threads
     * could that have to wake up for it first. A request that is ended so has no answer, and waits for the interrupt of
     * its thread. Does not wait itself.
     */
    default void giveUp() {}

    /** Connections in use at this moment, as the HTTP client's own pool sees it. */
    int activeConnections();

    /** Gives up every connection. Idempotent. */
    @Override
    void close();
}
