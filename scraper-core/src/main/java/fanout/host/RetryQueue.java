package fanout.host;

import fanout.task.Times;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Pages of a host that failed and wait for their repetition: by the moment from which on it may start, and those whose
 * moment has come by their priority. Not thread-safe.
 */
final class RetryQueue {

    private static final Comparator<Pending> BY_TIME = Comparator.comparing(Pending::notBefore, Times::compare);

    private final PriorityQueue<Pending> early = new PriorityQueue<>(1, BY_TIME);
    private final PriorityQueue<Pending> due =
            new PriorityQueue<>(1, Comparator.comparingInt(Pending::priority).reversed().thenComparing(BY_TIME));

    void add(Pending page) {
        early.add(page);
    }

    boolean isEmpty() {
        return early.isEmpty() && due.isEmpty();
    }

    /** Returns from when on one of them may be repeated. There must be one. */
    long nextAt() {
        Pending first = due.peek();
        return (first == null ? early.element() : first).notBefore();
    }

    /** Returns the page whose repetition is next at this moment, which stays; null if none is due. */
    @Nullable
    Pending due(long now) {
        while (!early.isEmpty() && Times.compare(early.element().notBefore(), now) <= 0) {
            due.add(early.remove());
        }
        return due.peek();
    }

    /** Takes the page that is next, due or not. There must be one. */
    Pending take() {
        return due.isEmpty() ? early.remove() : due.remove();
    }
}
