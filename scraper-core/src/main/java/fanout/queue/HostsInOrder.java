package fanout.queue;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of a crawl, one behind the other: in the order in which the crawl came to know them, as long as it forgets none. The place of one that
 * is forgotten is given to a new host. Guarded by the frontier's lock.
 *
 * <p>The table that finds a host by its name has them, too, but in no order. A collector that copies breadth first, as the serial one does,
 * lays objects out in memory in the order in which it finds them, and it finds the hosts here before it finds the table's entries. So those
 * whose turns follow each other mostly lie beside each other, where a processor reads ahead. Found by the table alone, each of
 * 100,000 hosts would be at a place in main memory that nothing foresees.
 *
 * <p>No host is moved, so a walk misses none that stays, and meets none twice. It passes over free places; with those in use they are never more
 * than the hosts that were known at one time.
 */
final class HostsInOrder implements Iterable<HostQueue> {

    private static final int FEWEST = 8;

    private @Nullable HostQueue[] hosts = new HostQueue[FEWEST];
    /** Places that were given out so far. */
    private int used;
    /** Those of them that hold no host any more, in the order in which they became free. */
    private final Queue<Integer> free = new ArrayDeque<>();

    void add(HostQueue queue) {
        Integer left = free.poll();
        if (left == null && used == hosts.length) {
            hosts = Arrays.copyOf(hosts, 2 * used);
        }
        queue.place = left == null ? used++ : left;
        hosts[queue.place] = queue;
    }

    /** Removes a host that is here. */
    void remove(HostQueue queue) {
        assert hosts[queue.place] == queue : queue.host();
        hosts[queue.place] = null;
        free.add(queue.place);
    }

    /**
     * A walk. {@code hasNext} and the {@code next} after it are one step under the lock; other steps may come before and behind it. Of
     * hosts that come or go meanwhile it meets some, and where one has come, {@code hasNext} may be true again.
     */
    @Override
    public Iterator<HostQueue> iterator() {
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
            public HostQueue next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return Objects.requireNonNull(hosts[next++]);
            }
        };
    }
}
