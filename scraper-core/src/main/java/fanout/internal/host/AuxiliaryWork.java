package fanout.internal.host;

import fanout.internal.host.Work.Kind;
import fanout.internal.task.Times;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Holds the robots.txt files, or the sitemaps, that wait for a host, and is their place in the schedule. Guarded by the
 * frontier's lock.
 *
 * @param <H> the host
 */
final class AuxiliaryWork<H extends AuxiliaryWork.Host> extends Slot<H> {

    private final Kind kind;
    private final H host;
    private final Queue<Entry> waiting =
            new PriorityQueue<>(1, Comparator.comparing(Entry::notBefore, Times::compare));

    /** One of them, and when it may be fetched. */
    private record Entry(Work work, long notBefore) {}

    /** A host, which knows when its work may be leased. */
    interface Host {

        /**
         * Returns when work of this kind can be leased, a moment past included; empty if not before something has
         * ended.
         */
        OptionalLong nextAt(Kind kind);

        /** Whether work of this kind waits for nothing but the host. */
        boolean hasWork(Kind kind);
    }

    AuxiliaryWork(Kind kind, H host) {
        this.kind = kind;
        this.host = host;
    }

    @Override
    public H owner() {
        return host;
    }

    @Override
    protected OptionalLong nextAt() {
        return host.nextAt(kind);
    }

    @Override
    protected boolean hasWork() {
        return host.hasWork(kind);
    }

    @Override
    protected int pages() {
        return 0;
    }

    void add(Work work, long notBefore) {
        waiting.add(new Entry(work, notBefore));
    }

    /** Whether some wait at a host that may never have had any. */
    static boolean waits(@Nullable AuxiliaryWork<?> some) {
        return some != null && !some.waiting.isEmpty();
    }

    /** Returns from when on the first may be fetched; empty if nothing waits. */
    static OptionalLong firstAt(@Nullable AuxiliaryWork<?> some) {
        return some == null || some.waiting.isEmpty() ? OptionalLong.empty()
                : OptionalLong.of(some.waiting.element().notBefore());
    }

    /** Takes the one that is due first; there must be one. */
    Work take() {
        return waiting.remove().work();
    }

    /** Takes every one. */
    List<Work> takeAll() {
        List<Work> all = new ArrayList<>();
        while (!waiting.isEmpty()) {
            all.add(take());
        }
        return all;
    }
}
