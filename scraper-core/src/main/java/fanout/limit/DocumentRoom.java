package fanout.limit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.task.Deadline;
import fanout.task.Ticker;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds how many pages are parsed at once, by processors and by memory: a document may be forty times as large as the page
 * it is made of, so that two pages of a few megabytes of nothing but tags could fill a heap.
 *
 * <p>Nobody passes a page that waits for memory, or a large one would wait for as long as small ones come. For a mere place whoever
 * runs goes first: to hand it to a thread that sleeps would leave a processor idle meanwhile. Nobody waits inside but for the
 * processor, so places come free all the time.
 *
 * <p>Thread-safe: one lock, held for moments.
 */
public final class DocumentRoom {

    /** Measured with jsoup 1.24.1: what an element takes, and what text and attributes take at most, for each byte of a page. */
    private static final int BYTES_A_TAG = 130;
    private static final int BYTES_A_BYTE = 16;

    /** Somebody who waits; each has a condition of its own. */
    private record Waiting(Condition turn, long bytes) {}

    private final Ticker ticker;
    private final long size;
    private final long smallPage;
    private final ReentrantLock lock = new ReentrantLock();

    /** Who waits, in the order of arrival. Only the first can get in, so nobody else is ever woken. */
    @GuardedBy("lock")
    private final Deque<Waiting> queue = new ArrayDeque<>();

    @GuardedBy("lock")
    private int places;

    @GuardedBy("lock")
    private long free;

    /** A room for so many pages, and for documents of so many bytes. */
    public DocumentRoom(int places, long bytes, Ticker ticker) {
        this.places = places;
        this.size = bytes;
        this.smallPage = bytes / (4L * places);
        this.free = bytes;
        this.ticker = ticker;
    }

    /** A room for one page on each processor, and for documents of half the heap. */
    public static DocumentRoom ofThisMachine(Ticker ticker) {
        Runtime runtime = Runtime.getRuntime();
        return new DocumentRoom(runtime.availableProcessors(), runtime.maxMemory() / 2, ticker);
    }

    /** At most what a page's document takes. Tags are counted only where it matters: in a page that is large for the room. */
    public long documentBytes(byte[] page) {
        long ifNothingButTags = (long) page.length * (BYTES_A_TAG + BYTES_A_BYTE);
        return ifNothingButTags <= smallPage ? ifNothingButTags : documentBytesByTags(page);
    }

    static long documentBytesByTags(byte[] page) {
        long tags = 0;
        for (byte b : page) {
            tags += b == '<' ? 1 : 0;
        }
        return tags * BYTES_A_TAG + (long) page.length * BYTES_A_BYTE;
    }

    /** Whether a document of this size can ever get in. */
    public boolean holds(long bytes) {
        return bytes <= size;
    }

    /**
     * Waits to get in; who gets true must {@link #leave}.
     *
     * @param bytes what the document takes
     * @return false if the deadline passed first
     */
    public boolean enter(long bytes, Deadline deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            return takePlace(bytes) || awaitTurn(new Waiting(lock.newCondition(), bytes), deadline);
        } finally {
            lock.unlock();
        }
    }

    /** Takes a place at once, if there is room, unless somebody waits for more memory than there is. */
    @GuardedBy("lock")
    private boolean takePlace(long bytes) {
        Waiting first = queue.peek();
        boolean mayPass = first == null || fits(first.bytes);
        if (!mayPass || !fits(bytes)) {
            return false;
        }
        places--;
        free -= bytes;
        return true;
    }

    @GuardedBy("lock")
    private boolean fits(long bytes) {
        return places > 0 && free >= bytes;
    }

    @GuardedBy("lock")
    private boolean awaitTurn(Waiting me, Deadline deadline) throws InterruptedException {
        queue.add(me);
        try {
            while (!me.equals(queue.peek()) || !fits(me.bytes)) {
                long left = deadline.remainingNanos();
                if (left <= 0) {
                    return false;
                }
                ticker.await(me.turn, left);
            }
            places--;
            free -= me.bytes;
            return true;
        } finally {
            queue.remove(me);
            wakeFirst(); // there may be room for one more
        }
    }

    @GuardedBy("lock")
    private void wakeFirst() {
        Waiting first = queue.peek();
        if (first != null && fits(first.bytes)) {
            first.turn.signal();
        }
    }

    public void leave(long bytes) {
        lock.lock();
        try {
            places++;
            free += bytes;
            wakeFirst();
        } finally {
            lock.unlock();
        }
    }
}
