package fanout.internal.frontier;

import fanout.page.Request;

/**
 * Where URLs come from that no page links to: the job's start URLs, or a feed from outside. The frontier is not
 * exhausted while a source is open. Thread-safe; its opener closes it.
 */
public interface Source extends AutoCloseable {

    /**
     * Offers a URL, which is exempt from include and exclude patterns. Never blocks.
     *
     * @return false if the frontier is full; true if the URL was admitted, or was known already
     */
    boolean offer(Request request);

    /** Says that nothing more will come. Idempotent. */
    @Override
    void close();
}
