package fanout.internal.host;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A host's place in the {@link Schedule} of one kind of work. Guarded by the frontier's lock.
 *
 * @param <H> the host
 */
abstract class Slot<H> {

    /** The handle of a slot that waits for no moment. */
    static final int ABSENT = -1;

    // Written by Schedule only.
    boolean isReady;
    /** Whether there is work that only the end of a request makes possible. */
    boolean isBlocked;
    long turn;
    /** Pages that the schedule counts as ready. */
    int counted;
    // Written by SlotList only.
    @Nullable
    Slot<H> before;
    @Nullable
    Slot<H> after;
    // Written by WaitingSlots only.
    boolean isInOrder;
    long waitsUntil;
    // Written by ReadyTimes only.
    int handle = ABSENT;
    // Written by SlotsInOrder only.
    int place;

    /** Whose place it is. */
    public abstract H owner();

    /** When its work can be leased, a moment past included; empty if not before something has ended. */
    protected abstract OptionalLong nextAt();

    /** Whether work waits for nothing but the host. */
    protected abstract boolean hasWork();

    /** Pages that are ready when the host is. */
    protected abstract int pages();

    /** Whether it was ready when it was last placed. */
    public final boolean isReady() {
        return isReady;
    }

    /** Grows from one slot that becomes ready to the next. */
    public final long turn() {
        return turn;
    }
}
