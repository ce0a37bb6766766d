package fanout.internal.limit;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many connections the crawls of one {@link fanout.Scraper} keep open between two requests. To come back to a host
 * after its delay is cheap only if the connection is still there, so a crawl of hundreds of hosts wants hundreds.
 *
 * <p>A crawl reserves a share when it begins: half of what is left, because others may begin later; but at least one
 * for each of its workers, and a few, even if nothing is left. Thread-safe; nothing waits here.
 */
public final class IdleConnections {

    /** What one takes of the heap with HTTP/2; over TLS without that it is 24 kB, and without TLS 1.3 kB. */
    private static final int BYTES = 40 << 10;
    /**
     * With HTTP/2 each has a thread of the system; and there are systems that allow a process 4,096 threads, or open
     * files.
     */
    private static final int MOST = 2560;
    /** However little is left. */
    private static final int LEAST = 64;

    private final AtomicLong left;

    /** Connections that take so much of the heap, and no more than a process should have. */
    public IdleConnections(long bytes) {
        this.left = new AtomicLong(Math.min(MOST, bytes / BYTES));
    }

    /** A share for a crawl of so many workers, which closes it. */
    public Share reserve(int workers) {
        int least = Math.max(LEAST, workers);
        long before = left.getAndUpdate(all -> all - Math.max(least, all / 2));
        return new Share((int) Math.max(least, before / 2));
    }

    /** What one crawl may keep. Thread-safe. */
    public final class Share implements AutoCloseable {

        private final int connections;
        private final AtomicBoolean isGivenBack = new AtomicBoolean();

        private Share(int connections) {
            this.connections = connections;
        }

        public int connections() {
            return connections;
        }

        /** Gives it back. Idempotent. */
        @Override
        public void close() {
            if (isGivenBack.compareAndSet(false, true)) {
                left.addAndGet(connections);
            }
        }
    }
}
