package fanout.limit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.leak.Lenders;
import fanout.leak.Loans;
import fanout.task.Deadline;
import fanout.task.Stage;
import fanout.task.StageListener;
import fanout.task.Ticker;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds how many pages are parsed at once, by processors and by memory: a document may be forty times as large as the page
 * it is made of, so two pages of a few megabytes of nothing but tags could fill a heap.
 *
 * <p>Pages that have to wait do so in the order of arrival. A page that arrives later passes the first of them only if the
 * memory is enough for both: small pages never take the memory that a large one waits for. The last place it may take, because
 * the first one's thread sleeps still and the processor would be idle until it runs, but only {@value #MAX_PASSES} times for
 * each page that waits. Inside, a page waits for the processor only, so places come free all the time.
 *
 * <p>Thread-safe: one lock, held for a few instructions.
 */
public final class DocumentRoom {

    /** To hand each place over in the order of arrival costs a tenth of a crawl's time, as a processor is idle at each page. */
    private static final int MAX_PASSES = 8;

    /** A page that waits. */
    private static final class Waiting {

        final Condition turn;
        final long bytes;
        /** How often another page took the last place in its stead. */
        int passed;

        Waiting(Condition turn, long bytes) {
            this.turn = turn;
            this.bytes = bytes;
        }
    }

    /** What a thread has while it parses. */
    private record Place(Thread thread) {}

    private final Ticker ticker;
    private final Loans<Place> places = new Loans<>("place to parse a page");
    private final long size;
    private final long smallPage;
    private final ReentrantLock lock = new ReentrantLock();

    /** In the order of arrival. Only the first can get in, so only the first is ever woken. */
    @GuardedBy("lock")
    private final Deque<Waiting> line = new ArrayDeque<>();

    @GuardedBy("lock")
    private int freePlaces;

    @GuardedBy("lock")
    private long free;

    /** A room for so many pages, and for documents of so many bytes. */
    public DocumentRoom(int places, long bytes, Ticker ticker) {
        this.freePlaces = places;
        this.size = bytes;
        this.smallPage = bytes / (4L * places);
        this.free = bytes;
        this.ticker = ticker;
        Lenders.opened(this.places::all);
    }

    /** At most what a page's document takes. Tags are counted only where it matters: in a page that is large for the room. */
    public long largestDocument(byte[] page) {
        long ifNothingButTags = DocumentSize.ofAnyPage(page.length);
        return ifNothingButTags <= smallPage ? ifNothingButTags : DocumentSize.byTags(page);
    }

    /** At most what a page takes that is scanned, and not made a document of. */
    public long largestScan(byte[] page) {
        return DocumentSize.ofScan(page.length);
    }

    /** At most what the JSON takes that is, or is in, a page. */
    public long largestJson(byte[] page) {
        return DocumentSize.ofJson(page);
    }

    /** Whether a document of this size can ever get in. */
    public boolean holds(long bytes) {
        return bytes <= size;
    }

    /**
     * Waits to get in; the same thread must {@link #leave} then.
     *
     * @param bytes what the document takes
     * @param listener called if the page has to wait: for memory, or for a place to be parsed on
     * @return the stage in which the deadline passed; empty if the page is in
     */
    public Optional<Stage> enter(long bytes, Deadline deadline, StageListener listener) throws InterruptedException {
        if (tryEnter(bytes)) {
            return Optional.empty();
        }
        Stage waitsIn = lacksMemoryFor(bytes) ? Stage.MEMORY : Stage.PARSE;
        listener.entered(waitsIn, deadline);
        lock.lockInterruptibly();
        try {
            boolean isIn = pass(bytes) || awaitTurn(new Waiting(lock.newCondition(), bytes), deadline);
            return isIn ? Optional.empty() : Optional.of(waitsIn);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gets in at once; must {@link #leave} then.
     *
     * @return false if the page would have to wait
     */
    boolean tryEnter(long bytes) {
        lock.lock();
        try {
            return pass(bytes);
        } finally {
            lock.unlock();
        }
    }

    private boolean lacksMemoryFor(long bytes) {
        lock.lock();
        try {
            Waiting first = line.peek();
            return free < bytes || (first != null && free - bytes < first.bytes);
        } finally {
            lock.unlock();
        }
    }

    /** Gets in, unless the first that waits needs what this page would take. */
    @GuardedBy("lock")
    private boolean pass(long bytes) {
        Waiting first = line.peek();
        if (!fits(bytes) || (first != null && free - bytes < first.bytes)) {
            return false;
        }
        if (first != null && freePlaces == 1) {
            if (first.passed == MAX_PASSES) {
                return false;
            }
            first.passed++;
        }
        take(bytes);
        return true;
    }

    @GuardedBy("lock")
    private boolean fits(long bytes) {
        return freePlaces > 0 && free >= bytes;
    }

    @GuardedBy("lock")
    private void take(long bytes) {
        freePlaces--;
        free -= bytes;
        places.lent(new Place(Thread.currentThread()), () -> "with " + bytes + " bytes");
    }

    @GuardedBy("lock")
    private boolean awaitTurn(Waiting me, Deadline deadline) throws InterruptedException {
        line.add(me);
        try {
            while (line.peek() != me || !fits(me.bytes)) {
                long left = deadline.remainingNanos();
                if (left <= 0) {
                    return false;
                }
                ticker.await(me.turn, left);
            }
            take(me.bytes);
            return true;
        } finally {
            line.remove(me);
            wakeFirst(); // there may be room for one more
        }
    }

    @GuardedBy("lock")
    private void wakeFirst() {
        Waiting first = line.peek();
        if (first != null && fits(first.bytes)) {
            first.turn.signal();
        }
    }

    /** Gives the place and the memory back. */
    public void leave(long bytes) {
        lock.lock();
        try {
            freePlaces++;
            free += bytes;
            places.back(new Place(Thread.currentThread()));
            wakeFirst();
        } finally {
            lock.unlock();
        }
    }
}
