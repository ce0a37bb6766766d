package fanout.queue;

import fanout.task.Times;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Hosts by the moment in which they become ready: a heap with four children a node, which keeps the moments in an array
 * of their own, so that a step down the heap reads one cache line and no object. Each slot knows its index. A moment
 * that is later than all others, the usual case after a request, goes in without a step.
 *
 * <p>Guarded by the frontier's lock. Source: D. B. Johnson, "Priority queues with update and finding minimum spanning
 * trees", 1975.
 */
final class ReadyTimes<Q extends Scheduled> {

    private static final int CHILDREN = 4;
    private static final int FEWEST = 8;

    private long[] times = new long[FEWEST];
    private @Nullable Slot<Q>[] slots = newSlots();
    private int size;

    @SuppressWarnings({"unchecked", "rawtypes"}) // arrays know no type arguments
    private static <Q extends Scheduled> @Nullable Slot<Q>[] newSlots() {
        return new Slot[FEWEST];
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Whether the first moment has come. */
    boolean isDue(long now) {
        return size > 0 && Times.compare(times[0], now) <= 0;
    }

    OptionalLong firstAt() {
        return size == 0 ? OptionalLong.empty() : OptionalLong.of(times[0]);
    }

    /** The slot whose moment comes first; there must be one. */
    Slot<Q> first() {
        return Objects.requireNonNull(slots[0]);
    }

    /** Adds a slot, or gives it another moment. */
    void put(Slot<Q> slot, long at) {
        if (slot.index == Slot.ABSENT) {
            if (size == times.length) {
                times = Arrays.copyOf(times, 2 * size);
                slots = Arrays.copyOf(slots, 2 * size);
            }
            rise(slot, at, size++);
        } else if (Times.compare(at, times[slot.index]) < 0) {
            rise(slot, at, slot.index);
        } else {
            sink(slot, at, slot.index);
        }
    }

    /** Takes a slot out, if it is here. */
    void remove(Slot<Q> slot) {
        int hole = slot.index;
        if (hole == Slot.ABSENT) {
            return;
        }
        slot.index = Slot.ABSENT;
        Slot<Q> last = Objects.requireNonNull(slots[--size]);
        long at = times[size];
        slots[size] = null;
        if (last != slot) {
            if (Times.compare(at, times[hole]) < 0) {
                rise(last, at, hole);
            } else {
                sink(last, at, hole);
            }
        }
    }

    private void rise(Slot<Q> slot, long at, int from) {
        int index = from;
        while (index > 0) {
            int parent = (index - 1) / CHILDREN;
            if (Times.compare(times[parent], at) <= 0) {
                break;
            }
            move(parent, index);
            index = parent;
        }
        set(slot, at, index);
    }

    private void sink(Slot<Q> slot, long at, int from) {
        int index = from;
        while (true) {
            int least = leastChild(index);
            if (least >= size || Times.compare(at, times[least]) <= 0) {
                break;
            }
            move(least, index);
            index = least;
        }
        set(slot, at, index);
    }

    /** The child whose moment comes first; beyond the end if there is none. */
    private int leastChild(int index) {
        int first = index * CHILDREN + 1;
        int least = first;
        for (int child = first + 1; child < Math.min(first + CHILDREN, size); child++) {
            if (Times.compare(times[child], times[least]) < 0) {
                least = child;
            }
        }
        return least;
    }

    private void move(int from, int to) {
        set(Objects.requireNonNull(slots[from]), times[from], to);
    }

    private void set(Slot<Q> slot, long at, int index) {
        times[index] = at;
        slots[index] = slot;
        slot.index = index;
    }
}
