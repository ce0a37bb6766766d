package fanout.internal.http;

import fanout.internal.codec.DecoderMemory;
import fanout.internal.fetch.Fetch.HeldMemory;
import fanout.internal.fetch.FetchListener;
import fanout.internal.limit.BodyRoom;
import fanout.internal.task.Deadline;
import fanout.outcome.Failure;
import fanout.outcome.Stage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okio.AsyncTimeout;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt may take: time, which its stages spend, and memory for a body. Cancels the call when the deadline
 * passes; the time is stopped while the attempt waits for memory. (OkHttp's own call timeout cannot be stopped and
 * resumed.)
 *
 * <p>Where an interrupt comes at the deadline, this is the second line only: a thousand calls that are ended twice at
 * one moment, by their own thread and by Okio's watchdog, wait for each other's locks for hundreds of milliseconds.
 *
 * <p>Confined to the fetching thread, except {@link #cancelCall}; the watchdog has a thread of its own.
 */
final class AttemptLimits {

    private static final Duration SECOND_LINE = Duration.ofSeconds(1);

    private final FetchListener listener;
    private final AsyncTimeout watchdog = new AsyncTimeout() {
        @Override
        protected void timedOut() {
            isOver = true;
            cancelCall();
        }
    };
    private Deadline deadline;
    private @Nullable Stage stage;
    private volatile @Nullable Call call;
    private volatile boolean isOver;

    /** @param listener is told which stage begins */
    AttemptLimits(Deadline deadline, FetchListener listener) {
        this.deadline = deadline;
        this.listener = listener;
    }

    void enter(Stage next) {
        enter(next, deadline);
    }

    private void enter(Stage next, Deadline until) {
        if (stage != next) {
            stage = next;
            listener.entered(next, until);
        }
    }

    boolean isIn(Stage asked) {
        return stage == asked;
    }

    boolean hasPassed() {
        return isOver || deadline.hasPassed();
    }

    /**
     * Returns a failure of the stage that is waiting. Before the first event, that is the lookup, which a known
     * connection will skip.
     */
    Failure timedOut() {
        return new Failure.TimedOut(stage == null ? Stage.DNS : stage, deadline.limit());
    }

    /**
     * The attempt may take this long from its begin, now that more is known of it.
     *
     * @throws InterruptedIOException if it has taken too long already
     */
    void allow(Duration limit, long sinceNanos) throws InterruptedIOException {
        if (watchdog.exit()) {
            throw new InterruptedIOException("past the deadline");
        }
        deadline = deadline.limitedTo(limit, sinceNanos);
        resume();
    }

    long remainingNanos() {
        return deadline.remainingNanos();
    }

    /** From now on the deadline cancels a call. */
    void begin(Call begun) {
        call = begun;
        resume();
    }

    private void resume() {
        long left = Math.max(1, deadline.remainingNanos()); // zero would mean forever
        watchdog.timeout(deadline.interrupts() ? left + SECOND_LINE.toNanos() : left, TimeUnit.NANOSECONDS);
        watchdog.enter();
    }

    /** The deadline does not cancel the call any more. */
    void end() {
        watchdog.exit();
    }

    /** Cancels the call, if there is one. Called by any thread. */
    void cancelCall() {
        Call begun = call;
        if (begun != null) {
            begun.cancel();
        }
    }

    /** Begins to count the memory of a body. */
    BodyMemory memory(BodyRoom room) {
        return new BodyMemory(room);
    }

    /**
     * The longest body that a room holds, in bytes. There is memory, too, for the byte that shows a body to be longer.
     */
    static long longestBody(BodyRoom room) {
        return room.largestAllocation() / 2 - 1;
    }

    /**
     * Waits for memory, which is no fault of the page and does not count against its time: the enclosing deadline
     * bounds it.
     *
     * @throws InterruptedIOException if that deadline passed first, or the thread was interrupted: the flag stays set
     */
    private void awaitMemory(BodyRoom.Allocation allocation, long bytes) throws InterruptedIOException {
        if (watchdog.exit()) {
            throw new InterruptedIOException("past the deadline");
        }
        long began = deadline.ticker().nanos();
        try {
            Deadline until = deadline.ofUncountedWaits();
            enter(Stage.MEMORY, until);
            boolean inTime = allocation.grow(bytes, until);
            deadline = deadline.extendedBy(deadline.ticker().nanos() - began);
            if (!inTime) {
                throw new InterruptedIOException("past the deadline");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(e);
            throw interrupted;
        }
        resume();
        enter(Stage.BODY);
    }

    /**
     * The memory that a body takes. In the buffer that it is read into it takes two bytes for each of its own, because
     * it is copied into an array at the end; after that one. Confined to one thread at a time.
     */
    final class BodyMemory implements HeldMemory, DecoderMemory {

        private final BodyRoom room;
        private final BodyRoom.Allocation allocation;
        private long taken;
        private long decoder;

        private BodyMemory(BodyRoom room) {
            this.room = room;
            this.allocation = room.open();
        }

        /**
         * Takes memory for bytes that have arrived.
         *
         * @throws BodyOverflow if no body may take as much
         * @throws InterruptedIOException if the wait was interrupted (the flag stays set), or the enclosing deadline
         *     passed
         */
        void buffered(long bytes) throws InterruptedIOException, BodyOverflow {
            take(2 * bytes);
        }

        /**
         * Takes memory for what a decoder allocates. It has it until the body is complete.
         *
         * @throws BodyOverflow if no body may take as much
         * @throws InterruptedIOException as {@link #buffered} does
         */
        @Override
        public void decoderNeeds(long bytes) throws InterruptedIOException, BodyOverflow {
            decoder += bytes;
            take(bytes);
        }

        private void take(long bytes) throws InterruptedIOException, BodyOverflow {
            if (taken + bytes > room.largestAllocation()) {
                throw new BodyOverflow(Math.max(0, longestBody(room) - decoder / 2), true);
            }
            taken += bytes;
            if (!allocation.tryGrow(bytes)) {
                awaitMemory(allocation, bytes);
            }
        }

        /**
         * For work that reads from no socket, and so would not notice.
         *
         * @throws InterruptedIOException if the thread was interrupted (the flag stays set), or the deadline has passed
         */
        void requireTime() throws InterruptedIOException {
            if (Thread.currentThread().isInterrupted() || hasPassed()) {
                throw new InterruptedIOException("interrupted, or past the deadline");
            }
        }

        /** The body is an array of this length from now on. */
        void copied(int length) {
            allocation.completeWith(length);
        }

        @Override
        public void close() {
            allocation.close();
        }
    }

    /** A body is longer than may be held. An IOException, because it ends a read in the middle. */
    static final class BodyOverflow extends IOException {

        private static final long serialVersionUID = 1L;

        private final long most;
        private final boolean isOfMemory;

        /**
         * @param most decoded bytes
         * @param isOfMemory whether it is the memory of this process that holds no more, and not the job that allows no
         *     more
         */
        BodyOverflow(long most, boolean isOfMemory) {
            super("body longer than " + most + " bytes");
            this.most = most;
            this.isOfMemory = isOfMemory;
        }

        Failure failure() {
            return new Failure.BodyTooLarge(most, isOfMemory);
        }
    }
}
