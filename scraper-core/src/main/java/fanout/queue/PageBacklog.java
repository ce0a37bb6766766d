package fanout.queue;

import fanout.backlog.PagePack;
import fanout.backlog.Pending;
import fanout.queue.Scheduled.Kind;
import fanout.schedule.Slot;
import fanout.task.Times;
import fanout.url.Host;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The pages that wait for a host, and their place in a {@link fanout.schedule.Schedule}. Guarded by the frontier's lock.
 *
 * @param <Q> the host's queue
 */
abstract class PageBacklog<Q extends Scheduled> extends Slot<Q> {

    /** Of a host for which pages wait, beside them: measured with 100,000 hosts of one page each. */
    private static final long HOST_BYTES = 450;
    /** Of a page that failed and waits for its repetition, but for its URL. */
    private static final long RETRY_BYTES = 400;

    /** The first of the packs of first attempts; null if none waits. */
    private @Nullable PagePack fresh;
    private @Nullable PagePack lastFresh;
    /** Null if none waits: most hosts never need them. */
    private @Nullable Queue<Pending> retries;
    private int pages;

    public abstract Host host();

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
        if (pages == 0) {
            total().bytesChanged(HOST_BYTES);
        }
        pages++;
        total().addPage();
        if (page.last() == null) {
            addFresh(page);
        } else {
            addRetry(page);
        }
    }

    private void addFresh(Pending page) {
        PagePack before = lastFresh;
        if (before == null) {
            fresh = PagePack.of(page);
            lastFresh = fresh;
            total().bytesChanged(fresh.bytes());
        } else {
            int bytes = before.bytes();
            lastFresh = before.add(page);
            total().bytesChanged(before.bytes() - bytes + (lastFresh == before ? 0 : lastFresh.bytes()));
        }
    }

    private void addRetry(Pending page) {
        retries = retries == null
                ? new PriorityQueue<>(1, Comparator.comparing(Pending::notBefore, Times::compare))
                : retries;
        retries.add(page);
        total().bytesChanged(RETRY_BYTES + page.url().length());
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
        if (fresh != null) {
            return OptionalLong.of(always);
        }
        return retries == null ? OptionalLong.empty() : OptionalLong.of(retries.element().notBefore());
    }

    /** Takes a page that is due; there must be one. Repetitions go before first attempts, for they have waited longer. */
    final Pending takePage(long now) {
        boolean retryIsDue = retries != null && Times.compare(retries.element().notBefore(), now) <= 0;
        return take(retryIsDue);
    }

    /** Takes so many pages, or all if there are fewer. */
    final List<Pending> takePages(int most) {
        List<Pending> some = new ArrayList<>();
        while (some.size() < most && hasPages()) {
            some.add(take(fresh == null));
        }
        return some;
    }

    private Pending take(boolean retry) {
        Pending page = retry ? takeRetry() : takeFresh();
        pages--;
        total().removePage();
        if (pages == 0) {
            total().bytesChanged(-HOST_BYTES);
        }
        return page;
    }

    private Pending takeFresh() {
        PagePack pack = Objects.requireNonNull(fresh, "nothing waits");
        int bytes = pack.bytes();
        Pending page = pack.take(host());
        if (pack.isEmpty()) {
            fresh = pack.next();
            lastFresh = fresh == null ? null : lastFresh;
            total().bytesChanged(-bytes);
        } else {
            total().bytesChanged(pack.bytes() - bytes);
        }
        return page;
    }

    private Pending takeRetry() {
        Queue<Pending> some = Objects.requireNonNull(retries, "nothing waits");
        Pending page = some.remove();
        retries = some.isEmpty() ? null : some;
        total().bytesChanged(-RETRY_BYTES - page.url().length());
        return page;
    }
}
