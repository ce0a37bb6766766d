package fanout.okhttp;

import fanout.fetch.Fetch.HeldMemory;
import fanout.limit.BodyRoom;
import fanout.task.Stage;
import fanout.zstd.DecoderMemory;
import java.io.InterruptedIOException;

/**
 * The room that a body takes. In the buffer that it is read into it takes two bytes for each of its own, because it is copied
 * into an array at the end; after that one. Confined to one thread at a time.
 */
final class BodyMemory implements HeldMemory, DecoderMemory {

    private final BodyRoom room;
    private final BodyRoom.Allocation allocation;
    private final AttemptProgress progress;
    private final AttemptTime time;
    private long taken;
    private long decoder;

    BodyMemory(BodyRoom room, AttemptProgress progress, AttemptTime time) {
        this.room = room;
        this.allocation = room.open();
        this.progress = progress;
        this.time = time;
    }

    /** The longest body that a room holds, in bytes. The byte that shows a body to be longer has room, too. */
    static long longestBody(BodyRoom room) {
        return room.largestAllocation() / 2 - 1;
    }

    /**
     * Takes room for bytes that have arrived. A wait for it is no fault of the page, and does not count against its time.
     *
     * @throws BodyOverflow if no body may take as much
     * @throws InterruptedIOException if the wait was interrupted (the flag stays set), or the enclosing deadline passed
     */
    void buffered(long bytes) throws InterruptedIOException, BodyOverflow {
        take(2 * bytes);
    }

    /**
     * Takes room for what a decoder allocates. It has it until the body is complete.
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
            time.standsStill(until -> {
                progress.enter(Stage.MEMORY, until);
                return allocation.grow(bytes, until);
            });
            progress.enter(Stage.BODY);
        }
    }

    /**
     * For work that reads from no socket, and so would not notice.
     *
     * @throws InterruptedIOException if the thread was interrupted (the flag stays set), or the deadline has passed
     */
    void requireTime() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted() || time.hasPassed()) {
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
