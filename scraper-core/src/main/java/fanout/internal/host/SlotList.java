package fanout.internal.host;

import org.jspecify.annotations.Nullable;

/**
 * Slots in the order in which they came: a list whose links are in the slots, so that no other memory is touched when
 * one comes or goes. A slot is in one list at a time.
 *
 * <p>Guarded by the frontier's lock.
 */
final class SlotList<H> {

    private @Nullable Slot<H> first;
    private @Nullable Slot<H> last;

    boolean isEmpty() {
        return first == null;
    }

    @Nullable
    Slot<H> first() {
        return first;
    }

    @Nullable
    Slot<H> last() {
        return last;
    }

    /** Adds a slot that is in no list. */
    void add(Slot<H> slot) {
        slot.before = last;
        if (last == null) {
            first = slot;
        } else {
            last.after = slot;
        }
        last = slot;
    }

    /** Takes out a slot that is here. */
    void remove(Slot<H> slot) {
        if (slot.before == null) {
            first = slot.after;
        } else {
            slot.before.after = slot.after;
        }
        if (slot.after == null) {
            last = slot.before;
        } else {
            slot.after.before = slot.before;
        }
        slot.before = null;
        slot.after = null;
    }
}
