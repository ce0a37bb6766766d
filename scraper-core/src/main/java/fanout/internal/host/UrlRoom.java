package fanout.internal.host;

/**
 * What the pages that wait in all crawls of a process take in memory. While there is too much, no further URL is
 * admitted; those that are known go on, so the room empties by itself.
 *
 * <p>Guarded by the lock that the frontiers of the process share.
 */
public final class UrlRoom {

    private final long size;
    private long used;

    public UrlRoom(long size) {
        this.size = size;
    }

    /** Whether another URL may be admitted. */
    public boolean hasRoom() {
        return used < size;
    }

    /** So many bytes more are in use, or fewer. */
    public void changed(long bytes) {
        used += bytes;
    }

    /** Bytes in use, about. */
    public long used() {
        return used;
    }
}
