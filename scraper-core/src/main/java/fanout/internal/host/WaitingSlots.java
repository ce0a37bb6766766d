package fanout.internal.host;

import fanout.internal.task.Times;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The slots that wait for a moment. With one delay for all hosts, the usual case, each goes behind those that wait
 * already, and so most are in a list; only one whose moment comes before that of the list's last goes to a
 * {@linkplain ReadyTimes heap}.
 *
 * <p>Guarded by the frontier's lock.
 */
final class WaitingSlots<H> {

    /** In the order of their moments. */
    private final SlotList<H> inOrder = new SlotList<>();
    private final ReadyTimes<H> others = new ReadyTimes<>();

    boolean isEmpty() {
        return inOrder.isEmpty() && others.isEmpty();
    }

    /** Whether the first moment has come. */
    boolean isDue(long now) {
        return Times.isDue(firstAt(), now);
    }

    OptionalLong firstAt() {
        Slot<H> first = inOrder.first();
        return first == null ? others.firstAt() : Times.sooner(others.firstAt(), first.waitsUntil);
    }

    /** The slot whose moment comes first; null if none waits. */
    @Nullable
    Slot<H> first() {
        Slot<H> first = inOrder.first();
        OptionalLong other = others.firstAt();
        boolean isOther = other.isPresent()
                && (first == null || Times.compare(other.getAsLong(), first.waitsUntil) < 0);
        return isOther ? others.first() : first;
    }

    /** Adds a slot, or gives it another moment. */
    void put(Slot<H> slot, long at) {
        if (slot.isInOrder) {
            if (slot.waitsUntil == at) {
                return;
            }
            remove(slot);
        }
        Slot<H> last = inOrder.last();
        if (!others.holds(slot) && (last == null || Times.compare(last.waitsUntil, at) <= 0)) {
            slot.isInOrder = true;
            slot.waitsUntil = at;
            inOrder.add(slot);
        } else {
            others.put(slot, at);
        }
    }

    /** Takes a slot out, if it is here. */
    void remove(Slot<H> slot) {
        if (slot.isInOrder) {
            slot.isInOrder = false;
            inOrder.remove(slot);
        } else {
            others.remove(slot);
        }
    }
}
