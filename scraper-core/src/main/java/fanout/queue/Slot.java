package fanout.queue;

import fanout.queue.Scheduled.Kind;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A host's place in a {@link Schedule}. Guarded by the frontier's lock.
 *
 * @param <Q> the host's queue
 */
final class Slot<Q extends Scheduled> {

    /** The index of a slot that waits for no moment. */
    static final int ABSENT = -1;

    private final Kind kind;
    private final Q queue;
    // Written by Schedule only.
    boolean isReady;
    /** Whether there is work that only the end of a request makes possible. */
    boolean isBlocked;
    /** Grows from one slot that becomes ready to the next. */
    long turn;
    /** Pages that the schedule counts as ready. */
    int counted;
    // Written by ReadySlots only.
    @Nullable
    Slot<Q> before;
    @Nullable
    Slot<Q> after;
    // Written by ReadyTimes only.
    int index = ABSENT;

    Slot(Kind kind, Q queue) {
        this.kind = kind;
        this.queue = queue;
    }

    Kind kind() {
        return kind;
    }

    Q queue() {
        return queue;
    }

    OptionalLong nextAt() {
        return queue.nextAt(kind);
    }

    boolean hasWork() {
        return queue.hasWork(kind);
    }

    int pages() {
        return queue.pages(kind);
    }
}
