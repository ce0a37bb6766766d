package fanout.fetch;

/** A response body that a fetcher has opened. Compared by identity; its {@code toString} names the response. Thread-safe. */
public interface OpenBody {

    /** Whether it is still open. */
    boolean isOpen();
}
