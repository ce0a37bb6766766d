package fanout.internal.host;

import fanout.internal.task.Times;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Hosts by the moment in which they become ready: a heap with four children a node. Everything that a step of it reads
 * or writes is in arrays of numbers: the moments, and a handle for each slot instead of the slot itself. A slot is
 * touched when it comes and when it goes; with 100,000 of them each touch is a look into main memory.
 *
 * <p>Guarded by the frontier's lock. Source: D. B. Johnson, "Priority queues with update and finding minimum spanning
 * trees", 1975.
 */
final class ReadyTimes<H> {

    private static final int CHILDREN = 4;
    private static final int FEWEST = 8;

    // By place in the heap.
    private long[] times = new long[FEWEST];
    private int[] handles = new int[FEWEST];
    // By handle. A handle is in use as long as its slot waits.
    private int[] places = new int[FEWEST];
    private @Nullable Slot<H>[] slots = newSlots();
    private int size;

    ReadyTimes() {
        Arrays.setAll(handles, handle -> handle);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // arrays know no type arguments
    private static <H> @Nullable Slot<H>[] newSlots() {
        return new Slot[FEWEST];
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean holds(Slot<H> slot) {
        return slot.handle != Slot.ABSENT;
    }

    OptionalLong firstAt() {
        return size == 0 ? OptionalLong.empty() : OptionalLong.of(times[0]);
    }

    /** The slot whose moment comes first; there must be one. */
    Slot<H> first() {
        return Objects.requireNonNull(slots[handles[0]]);
    }

    /** Adds a slot, or gives it another moment. */
    void put(Slot<H> slot, long at) {
        if (!holds(slot)) {
            add(slot, at);
            return;
        }
        int place = places[slot.handle];
        if (Times.compare(at, times[place]) < 0) {
            rise(slot.handle, at, place);
        } else {
            sink(slot.handle, at, place);
        }
    }

    private void add(Slot<H> slot, long at) {
        if (size == times.length) {
            grow();
        }
        slot.handle = handles[size];
        slots[slot.handle] = slot;
        rise(slot.handle, at, size++);
    }

    /** Takes a slot out, if it is here. */
    void remove(Slot<H> slot) {
        if (!holds(slot)) {
            return;
        }
        int freed = slot.handle;
        slot.handle = Slot.ABSENT;
        slots[freed] = null;
        int hole = places[freed];
        int last = handles[--size];
        long at = times[size];
        handles[size] = freed;
        if (last != freed) {
            if (Times.compare(at, times[hole]) < 0) {
                rise(last, at, hole);
            } else {
                sink(last, at, hole);
            }
        }
    }

    /** The handles that no slot has are those behind the heap's end. */
    private void grow() {
        times = Arrays.copyOf(times, 2 * size);
        places = Arrays.copyOf(places, 2 * size);
        slots = Arrays.copyOf(slots, 2 * size);
        handles = Arrays.copyOf(handles, 2 * size);
        for (int handle = size; handle < handles.length; handle++) {
            handles[handle] = handle;
        }
    }

    private void rise(int handle, long at, int from) {
        int place = from;
        while (place > 0) {
            int parent = (place - 1) / CHILDREN;
            if (Times.compare(times[parent], at) <= 0) {
                break;
            }
            set(handles[parent], times[parent], place);
            place = parent;
        }
        set(handle, at, place);
    }

    private void sink(int handle, long at, int from) {
        int place = from;
        while (true) {
            int least = leastChild(place);
            if (least >= size || Times.compare(at, times[least]) <= 0) {
                break;
            }
            set(handles[least], times[least], place);
            place = least;
        }
        set(handle, at, place);
    }

    /** The child whose moment comes first; beyond the end for a leaf. */
    private int leastChild(int place) {
        int first = place * CHILDREN + 1;
        int least = first;
        for (int child = first + 1; child < Math.min(first + CHILDREN, size); child++) {
            if (Times.compare(times[child], times[least]) < 0) {
                least = child;
            }
        }
        return least;
    }

    private void set(int handle, long at, int place) {
        times[place] = at;
        handles[place] = handle;
        places[handle] = place;
    }
}
