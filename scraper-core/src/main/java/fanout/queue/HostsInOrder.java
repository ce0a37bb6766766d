package fanout.queue;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of a crawl in the order in which the crawl came to know them, as long as it forgets none: a new host gets the place of one that was
 * forgotten. Guarded by the frontier's lock.
 *
 * <p>The table that finds a host by its name has all hosts, too, but in no order. A collector that copies breadth first, as the serial one does,
 * lays objects out in memory in the order in which it finds them. It finds the hosts in this array before it finds the table's entries. So hosts
 * that take their turns one after the other mostly lie beside each other, and the processor reads ahead. Without the array each
 * of 100,000 hosts would lie at a place that the processor cannot foresee.
 *
 * <p>Hosts do not move. A walk therefore meets each host that stays exactly once. It skips free places; there are never more places than
 * hosts were known at one time.
 */
final class HostsInOrder implements Iterable<HostState> {

    private static final int FEWEST = 8;

    private @Nullable HostState[] hosts = new HostState[FEWEST];
    /** Places that were given out so far. */
    private int used;
    /** Those of them that hold no host any more, in the order in which they became free. */
    private final Queue<Integer> free = new ArrayDeque<>();

    void add(HostState queue) {
        Integer left = free.poll();
        if (left == null && used == hosts.length) {
            hosts = Arrays.copyOf(hosts, 2 * used);
        }
        queue.place = left == null ? used++ : left;
        hosts[queue.place] = queue;
    }

    /** Removes a host that is here. */
    void remove(HostState queue) {
        assert hosts[queue.place] == queue : queue.host();
        hosts[queue.place] = null;
        free.add(queue.place);
    }

    /**
     * A walk. {@code hasNext} and the {@code next} after it are one step under the lock; other steps may come before and behind it. Of
     * hosts that come or go meanwhile it meets some, and where one has come, {@code hasNext} may be true again.
     */
    @Override
    public Iterator<HostState> iterator() {
        return new Iterator<>() {

            private int next;

            @Override
            public boolean hasNext() {
                while (next < used && hosts[next] == null) {
                    next++;
                }
                return next < used;
            }

            @Override
            public HostState next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return Objects.requireNonNull(hosts[next++]);
            }
        };
    }
}
