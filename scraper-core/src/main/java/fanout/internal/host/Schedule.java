package fanout.internal.host;

import fanout.internal.task.Times;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which host is next: hosts that are ready take turns, the others wait in the order in which they become ready. A host
 * is {@linkplain #place placed} again whenever something happened to it, so what stands here as ready is ready; time
 * alone moves a host from waiting to ready, when {@link #wakeDue} looks.
 *
 * <p>Guarded by the frontier's lock.
 *
 * @param <H> the host
 */
final class Schedule<H> {

    /** Hosts moved in one look: with 100,000 due at one moment, no look holds the lock for long. */
    private static final int MOST_WOKEN = 64;

    private final SlotList<H> ready = new SlotList<>();
    private final WaitingSlots<H> waiting = new WaitingSlots<>();
    private final LongSupplier turns;
    private long readyPages;
    private int blocked;

    /**
     * @param turns numbers that grow, for the hosts that become ready: schedules with the same numbers can be compared
     */
    public Schedule(LongSupplier turns) {
        this.turns = turns;
    }

    /** Puts a host where it belongs now. One that was ready and is still keeps its turn. */
    public void place(Slot<H> slot, long now) {
        OptionalLong at = slot.nextAt();
        boolean isReady = Times.isDue(at, now);
        if (slot.isReady && !isReady) {
            ready.remove(slot);
        }
        if (isReady || at.isEmpty()) {
            waiting.remove(slot);
        } else {
            waiting.put(slot, at.getAsLong());
        }
        if (isReady && !slot.isReady) {
            slot.turn = turns.getAsLong();
            ready.add(slot);
        }
        slot.isReady = isReady;
        boolean isBlocked = at.isEmpty() && slot.hasWork();
        blocked += (isBlocked ? 1 : 0) - (slot.isBlocked ? 1 : 0);
        slot.isBlocked = isBlocked;
        int pages = isReady ? slot.pages() : 0;
        readyPages += pages - slot.counted;
        slot.counted = pages;
    }

    /** A host has had its turn: if it is ready still, it goes behind the others when it is placed again. */
    public void turnTaken(Slot<H> slot) {
        if (slot.isReady) {
            ready.remove(slot);
            slot.isReady = false;
            readyPages -= slot.counted;
            slot.counted = 0;
        }
    }

    /** The host that has been ready longest; null if none is. */
    public @Nullable Slot<H> first(long now) {
        wakeDue(now);
        return ready.first();
    }

    /** Moves hosts whose time has come to those that are ready. */
    public void wakeDue(long now) {
        for (int i = 0; i < MOST_WOKEN && waiting.isDue(now); i++) {
            place(Objects.requireNonNull(waiting.first()), now);
        }
    }

    /** Whether no host is, or by time alone becomes, ready. */
    public boolean isEmpty() {
        return ready.isEmpty() && waiting.isEmpty();
    }

    /** Whether a host has work that only the end of a request, of this crawl or another, makes possible. */
    public boolean hasBlocked() {
        return blocked > 0;
    }

    /** When time alone makes a host ready, or now if one is; empty if none will be. */
    public OptionalLong nextAt(long now) {
        return ready.isEmpty() ? waiting.firstAt() : OptionalLong.of(now);
    }

    /** Pages at hosts that are ready. */
    public long readyPages() {
        return readyPages;
    }

    /**
     * Hosts by the moment in which they become ready: a heap with four children a node. Everything that a step of it
     * reads or writes is in arrays of numbers: the moments, and a handle for each slot instead of the slot itself. A
     * slot is touched when it comes and when it goes; with 100,000 of them each touch is a look into main memory.
     *
     * <p>Guarded by the frontier's lock. Source: D. B. Johnson, "Priority queues with update and finding minimum
     * spanning trees", 1975.
     */
    static final class ReadyTimes<H> {

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

    /**
     * The slots that wait for a moment. With one delay for all hosts, the usual case, each goes behind those that wait
     * already, and so most are in a list; only one whose moment comes before that of the list's last goes to a
     * {@linkplain ReadyTimes heap}.
     *
     * <p>Guarded by the frontier's lock.
     */
    static final class WaitingSlots<H> {

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
}
