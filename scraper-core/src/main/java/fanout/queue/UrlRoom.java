package fanout.queue;

/**
 * What the URLs that wait in all crawls of a process take in memory. While there is too much, no further URL is admitted; those that are
 * known go on, so the room empties by itself.
 *
 * <p>Guarded by the lock that the frontiers of the process share.
 */
public final class UrlRoom {

    /** Of a page that waits, but for its URL: measured with a million of them, at one host and at many. */
    private static final long PAGE_BYTES = 200;

    private final long size;
    private long used;

    public UrlRoom(long size) {
        this.size = size;
    }

    /** Whether another URL may be admitted. */
    public boolean hasRoom() {
        return used < size;
    }

    void add(Pending page) {
        used += bytes(page);
    }

    void remove(Pending page) {
        used -= bytes(page);
    }

    private static long bytes(Pending page) {
        return PAGE_BYTES + page.length();
    }

    /** Bytes in use, about. */
    public long used() {
        return used;
    }
}
