package fanout.internal.host;

import fanout.internal.task.Times;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What decides which of a host's pages is next, if the order in which they were found does not: repetitions, and
 * priorities. Most hosts have neither. Not thread-safe.
 */
final class PageOrder {

    private static final Comparator<Pending> BY_TIME = Comparator.comparing(Pending::notBefore, Times::compare);

    /** Repetitions, by the moment from which on they may start. */
    private final PriorityQueue<Pending> early = new PriorityQueue<>(1, BY_TIME);
    /** Those whose moment has come. */
    private final PriorityQueue<Pending> due =
            new PriorityQueue<>(1, Comparator.comparingInt(Pending::priority).reversed().thenComparing(BY_TIME));
    /** The last pack of first attempts of each priority; empty while they all have the same. */
    private final NavigableMap<Integer, PagePack> lasts = new TreeMap<>();

    boolean isEmpty() {
        return !hasRetries() && lasts.isEmpty();
    }

    boolean hasRetries() {
        return !early.isEmpty() || !due.isEmpty();
    }

    void addRetry(Pending page) {
        early.add(page);
    }

    /** Returns from when on a page may be repeated. There must be one. */
    long nextRetryAt() {
        Pending first = due.peek();
        return (first == null ? early.element() : first).notBefore();
    }

    /** Returns the page whose repetition is next at this moment, which stays; null if none is due. */
    @Nullable
    Pending dueRetry(long now) {
        while (!early.isEmpty() && Times.compare(early.element().notBefore(), now) <= 0) {
            due.add(early.remove());
        }
        return due.peek();
    }

    /** Takes the repetition that is next, due or not. There must be one. */
    Pending takeRetry() {
        return due.isEmpty() ? early.remove() : due.remove();
    }

    /**
     * Returns the pack behind whose pages, or behind which, a first attempt is to be added; null if it is to be the
     * first.
     *
     * @param last of all packs
     */
    @Nullable
    PagePack before(Pending page, PagePack last) {
        if (lasts.isEmpty()) {
            if (last.priority() == page.priority()) {
                return last;
            }
            lasts.put(last.priority(), last);
        }
        Map.Entry<Integer, PagePack> notLower = lasts.ceilingEntry(page.priority());
        return notLower == null ? null : notLower.getValue();
    }

    /** Notes the pack to which a first attempt was added. */
    void added(PagePack pack) {
        if (!lasts.isEmpty()) {
            lasts.put(pack.priority(), pack);
        }
    }

    /** Notes that the first pack is empty. */
    void emptied(PagePack pack) {
        if (lasts.remove(pack.priority(), pack) && lasts.size() == 1) {
            lasts.clear();
        }
    }
}
