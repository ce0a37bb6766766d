package fanout.queue;

import fanout.queue.Scheduled.Kind;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A host's place in the {@link Schedule} of one kind of work. Guarded by the frontier's lock.
 *
 * @param <Q> the host's queue
 */
abstract class Slot<Q extends Scheduled> {

    /** The handle of a slot that waits for no moment. */
    static final int ABSENT = -1;

    // Written by Schedule only.
    boolean isReady;
    /** Whether there is work that only the end of a request makes possible. */
    boolean isBlocked;
    /** Grows from one slot that becomes ready to the next. */
    long turn;
    /** Pages that the schedule counts as ready. */
    int counted;
    // Written by SlotList only.
    @Nullable
    Slot<Q> before;
    @Nullable
    Slot<Q> after;
    // Written by WaitingSlots only.
    boolean isInOrder;
    long waitsUntil;
    // Written by ReadyTimes only.
    int handle = ABSENT;

    abstract Kind kind();

    abstract Q queue();

    final OptionalLong nextAt() {
        return queue().nextAt(kind());
    }

    final boolean hasWork() {
        return queue().hasWork(kind());
    }

    final int pages() {
        return queue().pages(kind());
    }
}
