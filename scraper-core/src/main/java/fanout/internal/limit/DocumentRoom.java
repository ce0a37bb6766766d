package fanout.internal.limit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.internal.task.Deadline;
import fanout.internal.task.StageListener;
import fanout.internal.task.Ticker;
import fanout.leak.Lenders;
import fanout.leak.Loans;
import fanout.outcome.Stage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many pages are parsed at once, by processors and by memory: a document may be forty times as large as the
 * page it is made of, so two pages of a few megabytes of nothing but tags could fill a heap.
 *
 * <p>Crawls share both. Of the pages that wait for memory the first one of the crawl that has the least is next. A page
 * that has computed for {@value #TURN_MILLIS} ms gives its place to one of another crawl that waits, keeps its memory,
 * and waits for its next turn; the crawls take turns. So a crawl whose pages take minutes each, as some selectors do,
 * takes no more than its share from the others. A crawl that is alone has no more pages inside than there are places.
 *
 * <p>The pages of one crawl get in in the order of arrival. A page that arrives later passes the next one only if the
 * memory is enough for both: small pages never take the memory that a large one waits for. The last place it may take,
 * because the next one's thread sleeps still and the processor would be idle until it runs, but only
 * {@value #MAX_PASSES} times for each page that waits. Inside, a page waits for the processor only, so places come free
 * all the time.
 *
 * <p>Thread-safe: one lock, held for a few instructions for each crawl.
 */
public final class DocumentRoom {

    /**
     * To hand each place over in the order of arrival costs a tenth of a crawl's time, as a processor is idle at each
     * page.
     */
    private static final int MAX_PASSES = 8;

    /** Most pages are done in a tenth of it. */
    private static final int TURN_MILLIS = 50;

    /** What one crawl has, and which of its pages wait. It exists while it has or wants something. */
    private static final class Share {

        final Object crawl;
        final Deque<Waiting> newcomers = new ArrayDeque<>();
        final Deque<Waiting> returners = new ArrayDeque<>();
        long bytes;
        int pages;
        /** When it got a place last. */
        long turn;

        Share(Object crawl) {
            this.crawl = crawl;
        }

        boolean isUnused() {
            return pages == 0 && newcomers.isEmpty() && returners.isEmpty();
        }
    }

    /** A page that waits. */
    private static final class Waiting {

        final Condition turn;
        final Share share;
        final long bytes;
        /** Whether it is inside, and wants a place only. */
        final boolean returns;
        final long number;
        /** How often another page took the last place in its stead. */
        int passed;

        Waiting(Condition turn, Share share, long bytes, boolean returns, long number) {
            this.turn = turn;
            this.share = share;
            this.bytes = bytes;
            this.returns = returns;
            this.number = number;
        }
    }

    /** A page's stay. Confined to its thread. */
    public final class Stay {

        private final Object crawl;
        private final long bytes;
        private boolean hasPlace;
        private long turnBegan;

        private Stay(Object crawl, long bytes) {
            this.crawl = crawl;
            this.bytes = bytes;
        }

        /**
         * Waits to get in; must {@link #leave} then.
         *
         * @param listener called if the page has to wait: for memory, or for a place to be parsed on
         * @return the stage in which the deadline passed; empty if the page is in
         */
        public Optional<Stage> enter(Deadline deadline, StageListener listener) throws InterruptedException {
            Optional<Stage> late = DocumentRoom.this.enter(crawl, bytes, deadline, listener);
            if (late.isEmpty()) {
                hasPlace = true;
                inside.lent(this, () -> "with " + bytes + " bytes");
            }
            turnBegan = ticker.nanos();
            return late;
        }

        /**
         * Gives the place to a page that waits, if this one has had it for long, and waits to get one again.
         *
         * @param now of the ticker
         * @return false if the deadline has passed before that
         */
        boolean takeTurns(long now, Deadline deadline) throws InterruptedException {
            if (now - turnBegan >= TURN_NANOS) {
                hasPlace = false;
                hasPlace = awaitNextTurn(crawl, deadline);
                turnBegan = ticker.nanos();
            }
            return hasPlace;
        }

        /** Gives back what the page has. */
        public void leave() {
            inside.back(this);
            DocumentRoom.this.leave(crawl, bytes, hasPlace);
        }
    }

    private static final long TURN_NANOS = TURN_MILLIS * 1_000_000L;

    private final Ticker ticker;
    private final Loans<Stay> inside = new Loans<>("place to parse a page");
    private final long size;
    private final long smallPage;
    private final ReentrantLock lock = new ReentrantLock();

    /** By crawl. */
    @GuardedBy("lock")
    private final Map<Object, Share> shares = new HashMap<>();

    @GuardedBy("lock")
    private int places;

    @GuardedBy("lock")
    private long free;

    @GuardedBy("lock")
    private long turns;

    @GuardedBy("lock")
    private long arrivals;

    /** A room for so many pages, and for documents of so many bytes. */
    public DocumentRoom(int places, long bytes, Ticker ticker) {
        this.places = places;
        this.size = bytes;
        this.smallPage = bytes / (4L * places);
        this.free = bytes;
        this.ticker = ticker;
        Lenders.opened(inside::all);
    }

    /**
     * At most what a page's document takes. Tags are counted only where it matters: in a page that is large for the
     * room.
     */
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
     * A page of a crawl, which is not inside yet.
     *
     * @param bytes what the document takes
     */
    public Stay stay(Object crawl, long bytes) {
        return new Stay(crawl, bytes);
    }

    private Optional<Stage> enter(Object crawl, long bytes, Deadline deadline, StageListener listener)
            throws InterruptedException {
        if (tryEnter(crawl, bytes)) {
            return Optional.empty();
        }
        Stage waitsIn = lacksMemoryFor(bytes) ? Stage.MEMORY : Stage.PARSE;
        listener.entered(waitsIn, deadline);
        lock.lockInterruptibly();
        try {
            if (pass(crawl, bytes)) {
                return Optional.empty();
            }
            Share share = share(crawl);
            boolean isIn = awaitTurn(waiting(share, bytes, false), deadline);
            return isIn ? Optional.empty() : Optional.of(waitsIn);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gets in at once; must leave then.
     *
     * @return false if the page would have to wait
     */
    boolean tryEnter(Object crawl, long bytes) {
        lock.lock();
        try {
            return pass(crawl, bytes);
        } finally {
            lock.unlock();
        }
    }

    private boolean lacksMemoryFor(long bytes) {
        lock.lock();
        try {
            Waiting first = firstForMemory();
            return free < bytes || (first != null && free - bytes < first.bytes);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private Share share(Object crawl) {
        return shares.computeIfAbsent(crawl, Share::new);
    }

    @GuardedBy("lock")
    private void forgetIfUnused(Share share) {
        if (share.isUnused()) {
            shares.remove(share.crawl);
        }
    }

    @GuardedBy("lock")
    private Waiting waiting(Share share, long bytes, boolean returns) {
        return new Waiting(lock.newCondition(), share, bytes, returns, arrivals++);
    }

    /** Gets in, unless the next that waits needs what this page would take. */
    @GuardedBy("lock")
    private boolean pass(Object crawl, long bytes) {
        Waiting first = firstForMemory();
        if (places == 0 || free < bytes || (first != null && free - bytes < first.bytes)) {
            return false;
        }
        Waiting next = places == 1 ? next() : null;
        if (next != null) {
            if (next.passed == MAX_PASSES) {
                return false;
            }
            next.passed++;
        }
        take(share(crawl), bytes);
        return true;
    }

    @GuardedBy("lock")
    private void take(Share share, long bytes) {
        free -= bytes;
        share.bytes += bytes;
        share.pages++;
        takePlace(share);
    }

    @GuardedBy("lock")
    private void takePlace(Share share) {
        places--;
        share.turn = ++turns;
    }

    /**
     * The page to which memory goes first: of the crawl that has the least of it, and no page inside that waits for a
     * place.
     */
    @GuardedBy("lock")
    private @Nullable Waiting firstForMemory() {
        Waiting first = null;
        for (Share share : shares.values()) {
            Waiting candidate = share.returners.isEmpty() ? share.newcomers.peek() : null;
            if (candidate != null && (first == null || share.bytes < first.share.bytes
                    || (share.bytes == first.share.bytes && candidate.number < first.number))) {
                first = candidate;
            }
        }
        return first;
    }

    /** The page to which a place goes next: of the crawl that has waited for the longest; null if none can use it. */
    @GuardedBy("lock")
    private @Nullable Waiting next() {
        Waiting first = firstForMemory();
        Waiting next = first != null && free >= first.bytes ? first : null;
        for (Share share : shares.values()) {
            Waiting candidate = share.returners.peek();
            if (candidate != null && (next == null || share.turn < next.share.turn
                    || (share.turn == next.share.turn && candidate.number < next.number))) {
                next = candidate;
            }
        }
        return next;
    }

    /** Returns whether the page is in; otherwise the deadline has passed. */
    @GuardedBy("lock")
    private boolean awaitTurn(Waiting me, Deadline deadline) throws InterruptedException {
        Deque<Waiting> line = me.returns ? me.share.returners : me.share.newcomers;
        line.add(me);
        try {
            while (places == 0 || next() != me) {
                long left = deadline.remainingNanos();
                if (left <= 0) {
                    return false;
                }
                wakeNext(); // who was woken may not be the next any more
                ticker.await(me.turn, left);
            }
            if (me.returns) {
                takePlace(me.share);
            } else {
                take(me.share, me.bytes);
            }
            return true;
        } finally {
            line.remove(me);
            forgetIfUnused(me.share);
            wakeNext(); // there may be room for one more
        }
    }

    @GuardedBy("lock")
    private void wakeNext() {
        Waiting next = places > 0 ? next() : null;
        if (next != null) {
            next.turn.signal();
        }
    }

    /** Gives a place to a page that waits for it, if there is one, and waits to get one again. */
    private boolean awaitNextTurn(Object crawl, Deadline deadline) throws InterruptedException {
        lock.lock();
        try {
            Share share = share(crawl);
            Waiting next = next();
            if (next == null || (next.share == share && !next.returns)) {
                return true;
            }
            places++;
            return awaitTurn(waiting(share, 0, true), deadline);
        } finally {
            lock.unlock();
        }
    }

    void leave(Object crawl, long bytes, boolean hasPlace) {
        lock.lock();
        try {
            Share share = share(crawl);
            share.bytes -= bytes;
            share.pages--;
            places += hasPlace ? 1 : 0;
            free += bytes;
            forgetIfUnused(share);
            wakeNext();
        } finally {
            lock.unlock();
        }
    }
}
