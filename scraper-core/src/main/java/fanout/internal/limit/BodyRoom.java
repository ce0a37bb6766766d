package fanout.internal.limit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import fanout.leak.Lenders;
import fanout.leak.Loans;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the memory that response bodies take at once, in bytes: each has an {@link Allocation} that grows as the body
 * arrives.
 *
 * <p>Bodies that each hold a part and wait for the rest could wait for each other. So part of the room is a reserve,
 * large enough for the largest body. A body grows at once while there is room outside of the reserve; otherwise it
 * waits, in the order of arrival. The first that waits grows in the reserve if no other body does, and does not wait
 * again: so one body can always end. It has the reserve until it is closed, or until it is complete and there is room
 * for it outside.
 *
 * <p>A body that uses the reserve and arrives slowly holds up the others for as long as its own deadline allows.
 *
 * <p>Thread-safe: one lock, held for a few instructions.
 */
public final class BodyRoom {

    private final Ticker ticker;
    private final long largest;
    private final Loans<Allocation> allocations = new Loans<>("body in memory");
    private final ReentrantLock lock = new ReentrantLock();

    /** Bodies that wait, in the order of arrival; each has a condition of its own. */
    @GuardedBy("lock")
    private final Deque<Allocation> line = new ArrayDeque<>();

    /** Outside of the reserve. */
    @GuardedBy("lock")
    private long free;

    @GuardedBy("lock")
    private final Reserve reserve = new Reserve();

    /** A room of so many bytes, of which half is the reserve. */
    public BodyRoom(long size, Ticker ticker) {
        this(size, size / 2, ticker);
    }

    /** A room of so many bytes, the reserve among them. */
    BodyRoom(long size, long reserve, Ticker ticker) {
        this.largest = reserve;
        this.free = size - reserve;
        this.ticker = ticker;
        Lenders.opened(allocations::all);
    }

    /** The most that one body may take. */
    public long largestAllocation() {
        return largest;
    }

    /** An allocation for one body, of no bytes yet. */
    public Allocation open() {
        Allocation opened = new Allocation();
        allocations.lent(opened, () -> "of at most " + largest + " bytes");
        return opened;
    }

    /** What one body takes. Used by one thread at a time; closed when the body is not needed any more. */
    public final class Allocation implements AutoCloseable {

        private final Condition turn = lock.newCondition();

        @GuardedBy("lock")
        private long bytes;

        private Allocation() {}

        /**
         * Takes room at once.
         *
         * @return false if it would have to wait; nothing is taken then
         * @throws IllegalArgumentException if the allocation would be larger than {@link #largestAllocation}
         */
        public boolean tryGrow(long more) {
            lock.lock();
            try {
                return takeAtOnce(more);
            } finally {
                lock.unlock();
            }
        }

        /**
         * Takes room, and waits for it if need be.
         *
         * @return false if the deadline passed first; nothing is taken then
         * @throws IllegalArgumentException if the allocation would be larger than {@link #largestAllocation}
         */
        public boolean grow(long more, Deadline deadline) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                return takeAtOnce(more) || awaitTurn(more, deadline);
            } finally {
                lock.unlock();
            }
        }

        @GuardedBy("lock")
        private boolean takeAtOnce(long more) {
            return (reserve.isUsedBy(this) || line.isEmpty()) && take(more);
        }

        @GuardedBy("lock")
        private boolean awaitTurn(long more, Deadline deadline) throws InterruptedException {
            line.add(this);
            try {
                while (line.peek() != this || !take(more)) {
                    long left = deadline.remainingNanos();
                    if (left <= 0) {
                        return false;
                    }
                    ticker.await(turn, left);
                }
                return true;
            } finally {
                line.remove(this);
                wakeFirst();
            }
        }

        @GuardedBy("lock")
        private boolean take(long more) {
            if (bytes + more > largest) {
                throw new IllegalArgumentException("no body may take " + (bytes + more) + " bytes of " + largest);
            }
            if (!reserve.isUsedBy(this) && free >= more) {
                free -= more;
            } else if (!reserve.take(this, more)) {
                return false;
            }
            bytes += more;
            return true;
        }

        /**
         * The body is complete, and takes this much from now on.
         *
         * @throws IllegalArgumentException if that is more than it has taken
         */
        public void completeWith(long remaining) {
            lock.lock();
            try {
                if (remaining > bytes) {
                    throw new IllegalArgumentException("a body of " + bytes + " bytes cannot end with " + remaining);
                }
                complete(bytes - remaining);
            } finally {
                lock.unlock();
            }
        }

        /** Gives all of it back. Idempotent. */
        @Override
        public void close() {
            lock.lock();
            try {
                complete(bytes);
            } finally {
                lock.unlock();
            }
            allocations.back(this);
        }

        @GuardedBy("lock")
        private void complete(long givenBack) {
            bytes -= givenBack;
            free += givenBack - reserve.giveBack(this, givenBack);
            free -= reserve.leave(free);
            wakeFirst();
        }
    }

    @GuardedBy("lock")
    private void wakeFirst() {
        Allocation first = line.peek();
        if (first != null) {
            first.turn.signal();
        }
    }

    /**
     * A part of a room that one user at a time may fill, and whose user leaves it once that user is complete and fits
     * outside.
     *
     * <p>Not thread-safe: guarded by the room's lock.
     */
    private static final class Reserve {

        private @Nullable Object user;
        private long taken;

        /** Whether the user takes no more from now on. */
        private boolean isComplete;

        @SuppressWarnings("ReferenceEquality") // the user itself is asked for, not one that is equal to it
        boolean isUsedBy(Object someone) {
            return user == someone;
        }

        /**
         * Takes so much for its user; without one, the taker becomes it. Returns false if another one uses the reserve.
         */
        boolean take(Object taker, long amount) {
            if (user != null && !isUsedBy(taker)) {
                return false;
            }
            user = taker;
            taken += amount;
            return true;
        }

        /**
         * A completed user gives something back. Returns how much of it was of the reserve; nothing, if another one
         * uses it.
         */
        long giveBack(Object giver, long amount) {
            if (!isUsedBy(giver)) {
                return 0;
            }
            isComplete = true;
            long ofReserve = Math.min(amount, taken);
            taken -= ofReserve;
            return ofReserve;
        }

        /** A completed user leaves if what it holds is free outside. Returns how much it takes there. */
        long leave(long freeOutside) {
            if (!isComplete || freeOutside < taken) {
                return 0;
            }
            long moved = taken;
            taken = 0;
            user = null;
            isComplete = false;
            return moved;
        }
    }
}
