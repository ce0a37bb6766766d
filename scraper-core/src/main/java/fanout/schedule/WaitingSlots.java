package fanout.schedule;

import fanout.task.Times;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The slots that wait for a moment. With one delay for all hosts, the usual case, each goes behind those that wait already, and
 * so most are in a list; only one whose moment comes before that of the list's last goes to a {@linkplain ReadyTimes heap}.
 *
 * <p>Guarded by the frontier's lock.
 */
final class WaitingSlots<Q> {

    /** In the order of their moments. */
    private final SlotList<Q> inOrder = new SlotList<>();
    private final ReadyTimes<Q> others = new ReadyTimes<>();

    boolean isEmpty() {
        return inOrder.isEmpty() && others.isEmpty();
    }

    /** Whether the first moment has come. */
    boolean isDue(long now) {
        return Times.isDue(firstAt(), now);
    }

    OptionalLong firstAt() {
        Slot<Q> first = inOrder.first();
        return first == null ? others.firstAt() : Times.sooner(others.firstAt(), first.waitsUntil);
    }

    /** The slot whose moment comes first; null if none waits. */
    @Nullable
    Slot<Q> first() {
        Slot<Q> first = inOrder.first();
        OptionalLong other = others.firstAt();
        boolean isOther = other.isPresent()
                && (first == null || Times.compare(other.getAsLong(), first.waitsUntil) < 0);
        return isOther ? others.first() : first;
    }

    /** Adds a slot, or gives it another moment. */
    void put(Slot<Q> slot, long at) {
        if (slot.isInOrder) {
            if (slot.waitsUntil == at) {
                return;
            }
            remove(slot);
        }
        Slot<Q> last = inOrder.last();
        if (!others.holds(slot) && (last == null || Times.compare(last.waitsUntil, at) <= 0)) {
            slot.isInOrder = true;
            slot.waitsUntil = at;
            inOrder.add(slot);
        } else {
            others.put(slot, at);
        }
    }

    /** Takes a slot out, if it is here. */
    void remove(Slot<Q> slot) {
        if (slot.isInOrder) {
            slot.isInOrder = false;
            inOrder.remove(slot);
        } else {
            others.remove(slot);
        }
    }
}
