package fanout.queue;

import fanout.queue.Scheduled.Kind;
import fanout.schedule.Slot;
import fanout.task.Times;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * The robots.txt files, or the sitemaps, that wait for a host, and their place in a {@link Schedule}. Guarded by the frontier's
 * lock.
 *
 * @param <Q> the host's queue
 */
final class AuxiliaryBacklog<Q extends Scheduled> extends Slot<Q> {

    /** One of them, and when it may be fetched. */
    private record Auxiliary(Work work, long notBefore) {}

    private final Queue<Auxiliary> waiting =
            new PriorityQueue<>(1, Comparator.comparing(Auxiliary::notBefore, Times::compare));

    private final Kind kind;
    private final Q queue;
    private final WaitingWork total;

    AuxiliaryBacklog(Kind kind, Q queue, WaitingWork total) {
        this.kind = kind;
        this.queue = queue;
        this.total = total;
    }

    @Override
    public Q queue() {
        return queue;
    }

    @Override
    protected OptionalLong nextAt() {
        return queue.nextAt(kind);
    }

    @Override
    protected boolean hasWork() {
        return queue.hasWork(kind);
    }

    @Override
    protected int pages() {
        return 0;
    }

    void add(Work work, long notBefore) {
        total.addAuxiliary();
        waiting.add(new Auxiliary(work, notBefore));
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** From when on the first may be fetched; empty if nothing waits. */
    OptionalLong firstAt() {
        return waiting.isEmpty() ? OptionalLong.empty() : OptionalLong.of(waiting.element().notBefore());
    }

    /** Takes the one that is due first; there must be one. */
    Work take() {
        total.removeAuxiliary();
        return waiting.remove().work();
    }

    /** Takes every one. */
    List<Work> takeAll() {
        List<Work> all = new ArrayList<>();
        while (!isEmpty()) {
            all.add(take());
        }
        return all;
    }
}
