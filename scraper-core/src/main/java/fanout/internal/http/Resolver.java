package fanout.internal.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Name lookup. Thread-safe; implementations wait under the current {@link fanout.internal.task.Deadline}. */
public interface Resolver extends AutoCloseable {

    /**
     * The addresses of a host name, in order of preference.
     *
     * @throws UnknownHostException if there are none, or the name service failed
     * @throws java.io.InterruptedIOException if the deadline passed first
     * @throws InterruptedException if the thread was interrupted; the lookup may continue, abandoned and counted
     */
    List<InetAddress> resolve(String host)
            throws UnknownHostException, java.io.InterruptedIOException, InterruptedException;

    /** Lookups that no caller waits for any more, and that the operating system has not ended. */
    long abandonedLookups();

    /** Ends the lookup threads as far as the operating system lets them. Idempotent. */
    @Override
    void close();
}
