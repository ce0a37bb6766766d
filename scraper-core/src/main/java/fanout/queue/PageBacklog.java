package fanout.queue;

import fanout.queue.Scheduled.Kind;
import fanout.schedule.Slot;
import fanout.task.Times;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The pages that wait for a host, and their place in a {@link Schedule}. First attempts are a list whose links are in the pages: a
 * page costs no memory besides its own here, and no look at other memory when it comes or goes. Guarded by the frontier's lock.
 *
 * @param <Q> the host's queue
 */
abstract class PageBacklog<Q extends Scheduled> extends Slot<Q> {

    private @Nullable Pending first;
    private @Nullable Pending last;
    /** Made for the first repetition, and dropped after the last: most hosts never need it. */
    private @Nullable Queue<Pending> retries;
    private int pages;

    @Override
    protected final OptionalLong nextAt() {
        return queue().nextAt(Kind.PAGE);
    }

    @Override
    protected final boolean hasWork() {
        return queue().hasWork(Kind.PAGE);
    }

    @Override
    protected final int pages() {
        return pages;
    }

    /** How much waits at all hosts of the crawl. */
    abstract WaitingWork total();

    final void add(Pending page) {
        pages++;
        total().add(page);
        if (page.last() == null) {
            append(page);
        } else {
            retries = retries == null
                    ? new PriorityQueue<>(1, Comparator.comparing(Pending::notBefore, Times::compare))
                    : retries;
            retries.add(page);
        }
    }

    private void append(Pending page) {
        if (last == null) {
            first = page;
        } else {
            last.behind = page;
        }
        last = page;
    }

    /** How many wait. */
    final int waitingPages() {
        return pages;
    }

    final boolean hasPages() {
        return pages > 0;
    }

    /**
     * From when on a page may be fetched, if one waits.
     *
     * @param always a moment past: first attempts wait for nothing
     */
    final OptionalLong pageAt(long always) {
        if (first != null) {
            return OptionalLong.of(always);
        }
        return retries == null ? OptionalLong.empty() : OptionalLong.of(retries.element().notBefore());
    }

    /** A page that waits; there must be one. */
    final Pending anyPage() {
        return first != null ? first : Objects.requireNonNull(retries).element();
    }

    /** Takes a page that is due; there must be one. Repetitions go before first attempts, for they have waited longer. */
    final Pending takePage(long now) {
        boolean retryIsDue = retries != null && Times.compare(retries.element().notBefore(), now) <= 0;
        return retryIsDue ? takeRetry() : takeFirst();
    }

    /** Takes so many pages, or all if there are fewer. */
    final List<Pending> takePages(int most) {
        List<Pending> some = new ArrayList<>();
        while (some.size() < most && hasPages()) {
            some.add(first != null ? takeFirst() : takeRetry());
        }
        return some;
    }

    private Pending takeFirst() {
        Pending page = Objects.requireNonNull(first, "nothing waits");
        first = page.behind;
        last = first == null ? null : last;
        page.behind = null;
        return taken(page);
    }

    private Pending takeRetry() {
        Queue<Pending> some = Objects.requireNonNull(retries, "nothing waits");
        Pending page = some.remove();
        retries = some.isEmpty() ? null : some;
        return taken(page);
    }

    private Pending taken(Pending page) {
        pages--;
        total().remove(page);
        return page;
    }
}
