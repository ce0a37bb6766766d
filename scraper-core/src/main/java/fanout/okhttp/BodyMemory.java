package fanout.okhttp;

import fanout.fetch.HeldMemory;
import fanout.limit.BodyRoom;
import fanout.task.Stage;
import java.io.InterruptedIOException;

/**
 * The room that a body takes. In the buffer that it is read into it takes two bytes for each of its own, because it is copied
 * into an array at the end; after that one. Confined to one thread at a time.
 */
final class BodyMemory implements HeldMemory {

    private final BodyRoom.Allocation allocation;
    private final AttemptProgress progress;
    private final AttemptTime time;

    BodyMemory(BodyRoom.Allocation allocation, AttemptProgress progress, AttemptTime time) {
        this.allocation = allocation;
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
     * @throws InterruptedIOException if the wait was interrupted (the flag stays set), or the enclosing deadline passed
     */
    void buffered(long bytes) throws InterruptedIOException {
        if (!allocation.tryGrow(2 * bytes)) {
            time.standsStill(until -> {
                progress.enter(Stage.MEMORY, until);
                return allocation.grow(2 * bytes, until);
            });
            progress.enter(Stage.BODY);
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
