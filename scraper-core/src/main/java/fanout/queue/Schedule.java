package fanout.queue;

import fanout.queue.HostQueue.Place;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which host is next: ready hosts take turns, the others wait in the order in which they become ready. A host is asked
 * again for its ready-time whenever something happened to it, and once more when its turn comes. Guarded by the frontier's
 * lock.
 */
public final class Schedule {

    private final ArrayDeque<HostQueue> ready = new ArrayDeque<>();
    private final TreeSet<HostQueue> delayed = new TreeSet<>(
            Comparator.<HostQueue, Long>comparing(queue -> queue.wakeAt, Times::compare)
                    .thenComparingInt(HostQueue::number));

    /** Puts a host where it belongs now. One that is ready already keeps its turn. */
    public void place(HostQueue queue, long now) {
        if (queue.place == Place.READY) {
            return;
        }
        if (queue.place == Place.DELAYED) {
            delayed.remove(queue);
        }
        OptionalLong at = queue.nextAt();
        if (at.isEmpty()) {
            queue.place = Place.NOWHERE;
        } else if (Times.compare(at.getAsLong(), now) <= 0) {
            queue.place = Place.READY;
            ready.add(queue);
        } else {
            queue.place = Place.DELAYED;
            queue.wakeAt = at.getAsLong();
            delayed.add(queue);
        }
    }

    /** Takes the next host that is ready, out of the schedule; null if there is none. */
    @Nullable
    public HostQueue poll(long now) {
        while (!delayed.isEmpty() && Times.compare(delayed.first().wakeAt, now) <= 0) {
            HostQueue woken = delayed.removeFirst();
            woken.place = Place.READY;
            ready.add(woken);
        }
        if (!hasReady(now)) {
            return null;
        }
        HostQueue queue = ready.remove();
        queue.place = Place.NOWHERE;
        return queue;
    }

    /** Whether a host is ready. One whose turn had come, and which has to wait again, goes where it belongs first. */
    public boolean hasReady(long now) {
        while (!ready.isEmpty() && !isReady(ready.element(), now)) {
            HostQueue queue = ready.remove();
            queue.place = Place.NOWHERE;
            place(queue, now);
        }
        return !ready.isEmpty();
    }

    private static boolean isReady(HostQueue queue, long now) {
        OptionalLong at = queue.nextAt();
        return at.isPresent() && Times.compare(at.getAsLong(), now) <= 0;
    }

    /** Whether no host is, or by time alone becomes, ready. One that must wait again counts until somebody looks at it. */
    public boolean isEmpty() {
        return ready.isEmpty() && delayed.isEmpty();
    }

    /** When the first of the hosts that are not ready becomes so. */
    public OptionalLong nextAt() {
        return delayed.isEmpty() ? OptionalLong.empty() : OptionalLong.of(delayed.first().wakeAt);
    }

    /** The hosts whose turn has come, also if nobody has looked since it did. */
    public Stream<HostQueue> ready(long now) {
        return Stream.concat(ready.stream(), delayed.stream().takeWhile(queue -> Times.compare(queue.wakeAt, now) <= 0))
                .filter(queue -> isReady(queue, now));
    }
}
