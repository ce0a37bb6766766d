package fanout.limit;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many connections the crawls of one {@link fanout.Scraper} keep open between two requests. To come back to a host after its
 * delay is cheap only if the connection is still there, so a crawl of a thousand hosts wants a thousand.
 *
 * <p>A crawl reserves a share when it begins: half of what is left, because others may begin later. Thread-safe; nothing
 * waits here.
 */
public final class IdleConnections {

    /** What one takes in memory with TLS; one without takes 1.3 kB. */
    private static final int BYTES = 24 << 10;
    /** However little is left. */
    private static final int LEAST = 256;
    /** There are systems that allow a process 4,096 open files. */
    private static final int MOST = 2048;

    private final AtomicLong left;

    /** Connections that take so much memory, and a few for each crawl beyond that. */
    public IdleConnections(long bytes) {
        this.left = new AtomicLong(bytes / BYTES);
    }

    /** A share for one crawl, which closes it. */
    public Share reserve() {
        long before = left.getAndUpdate(all -> all - half(all));
        return new Share(half(before));
    }

    private static int half(long all) {
        return Math.clamp(all / 2, LEAST, MOST);
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
