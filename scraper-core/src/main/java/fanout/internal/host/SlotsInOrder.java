package fanout.internal.host;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Holds the slots of all hosts in the order in which they came, as long as none goes: a new one gets the place of one
 * that has gone.
 *
 * <p>The map that finds a host by its name has all hosts, too, but in no order. A collector that copies breadth first,
 * as the serial one does, lays objects out in memory in the order in which it finds them. It finds the hosts in this
 * array before it finds the map's entries. So hosts that take their turns one after the other mostly lie next to each
 * other, and the processor reads ahead. Without the array each of 100,000 hosts would lie at a place that the processor
 * cannot foresee.
 *
 * <p>Slots do not move. A walk therefore meets each one that stays exactly once. It skips free places; there are never
 * more places than slots were here at one time.
 *
 * <p>Guarded by the frontier's lock.
 *
 * @param <H> the host
 */
final class SlotsInOrder<H> implements Iterable<H> {

    private static final int FEWEST = 8;

    private @Nullable Slot<H>[] slots = newSlots();
    /** Places that were given out so far. */
    private int used;
    /** Those of them that hold no slot any more, in the order in which they became free. */
    private final Queue<Integer> free = new ArrayDeque<>();

    @SuppressWarnings({"unchecked", "rawtypes"}) // arrays know no type arguments
    private static <H> @Nullable Slot<H>[] newSlots() {
        return new Slot[FEWEST];
    }

    /** Adds a slot that is not here. */
    public void add(Slot<H> slot) {
        Integer left = free.poll();
        if (left == null && used == slots.length) {
            slots = Arrays.copyOf(slots, 2 * used);
        }
        slot.place = left == null ? used++ : left;
        slots[slot.place] = slot;
    }

    /** Removes a slot that is here. */
    @SuppressWarnings("ReferenceEquality") // one slot is here, not one that equals it
    public void remove(Slot<H> slot) {
        assert slots[slot.place] == slot : slot.owner();
        slots[slot.place] = null;
        free.add(slot.place);
    }

    /**
     * Returns a walk. {@code hasNext} and the {@code next} after it are one step under the lock; other steps may come
     * before and behind it. Of hosts that come or go meanwhile it meets some, and where one has come, {@code hasNext}
     * may be true again.
     */
    @Override
    public Iterator<H> iterator() {
        return new Iterator<>() {

            private int next;

            @Override
            public boolean hasNext() {
                while (next < used && slots[next] == null) {
                    next++;
                }
                return next < used;
            }

            @Override
            public H next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return Objects.requireNonNull(slots[next++]).owner();
            }
        };
    }
}
