package fanout.internal.host;

import fanout.url.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The pages that wait at a host, and which of them is next: the first by priority, repetitions before their equals, and
 * first attempts in the order in which they were found. Guarded by the frontier's lock.
 *
 * @param <H> the host
 */
abstract class PageQueue<H> extends Slot<H> {

    /** Of a page that failed and waits for its repetition, except its URL. */
    private static final long RETRY_BYTES = 400;

    /** The first of the packs of first attempts, which follow each other by priority; null if none waits. */
    private @Nullable PagePack fresh;
    private @Nullable PagePack lastFresh;
    /** The repetitions, and where each priority ends; null if no page failed and all have one priority, as is usual. */
    private @Nullable PageOrder order;
    private int pages;
    /** What the pages take in memory, about, with the queue itself while some wait. */
    private long waitingBytes;

    /** Returns the host of all its pages. */
    abstract Host host();

    /** Returns what the queue itself takes in memory, about, while pages wait in it. */
    abstract long ownBytes();

    void add(Pending page) {
        waitingBytes += pages == 0 ? ownBytes() : 0;
        pages++;
        if (page.isFirstAttempt()) {
            addFresh(page);
        } else {
            order = order == null ? new PageOrder() : order;
            order.addRetry(page);
            waitingBytes += RETRY_BYTES + page.url().length();
        }
    }

    /** Adds a page behind those of its priority. */
    private void addFresh(Pending page) {
        PagePack last = lastFresh;
        if (order == null && last != null && last.priority() != page.priority()) {
            order = new PageOrder();
        }
        PagePack before = order == null || last == null ? last : order.before(page, last);
        int bytes = before == null ? 0 : before.bytes();
        PagePack pack = before == null ? PagePack.of(page, fresh) : before.add(page);
        fresh = before == null ? pack : fresh;
        lastFresh = pack.next() == null ? pack : last;
        waitingBytes += (before == null ? 0 : before.bytes() - bytes) + (pack == before ? 0 : pack.bytes());
        if (order != null) {
            order.added(pack);
        }
    }

    boolean hasPages() {
        return pages > 0;
    }

    /** Returns what the pages take in memory, about. */
    long waitingBytes() {
        return waitingBytes;
    }

    /** Takes the first by priority of the pages that are due; there must be one. Repetitions go before their equals. */
    Pending takePage(long now) {
        return take(isRetryNext(now));
    }

    /** Whether a page is due. */
    boolean hasDue(long now) {
        return fresh != null || dueRetry(now) != null;
    }

    /** Whether the first of the pages that are due is a repetition. There must be one. */
    boolean isRetryNext(long now) {
        Pending retry = dueRetry(now);
        return retry != null && (fresh == null || retry.priority() >= fresh.priority());
    }

    /** Returns the priority of the first of the pages that are due. There must be one. */
    int nextPriority(long now) {
        return isRetryNext(now) ? Objects.requireNonNull(dueRetry(now)).priority() : firstFresh().priority();
    }

    private @Nullable Pending dueRetry(long now) {
        return order == null ? null : order.dueRetry(now);
    }

    private PagePack firstFresh() {
        return Objects.requireNonNull(fresh, "nothing waits");
    }

    /** Takes so many pages, or all if there are fewer. */
    List<Pending> takePages(int most) {
        List<Pending> some = new ArrayList<>();
        while (some.size() < most && pages > 0) {
            some.add(take(fresh == null));
        }
        return some;
    }

    private Pending take(boolean retry) {
        Pending page = retry ? takeRetry() : takeFresh();
        pages--;
        waitingBytes -= pages == 0 ? ownBytes() : 0;
        order = order == null || order.isEmpty() ? null : order;
        return page;
    }

    private Pending takeFresh() {
        PagePack pack = firstFresh();
        waitingBytes -= pack.bytes();
        Pending page = pack.take(host());
        if (pack.isEmpty()) {
            fresh = pack.next();
            lastFresh = fresh == null ? null : lastFresh;
            if (order != null) {
                order.emptied(pack);
            }
        }
        waitingBytes += pack.isEmpty() ? 0 : pack.bytes();
        return page;
    }

    private Pending takeRetry() {
        Pending page = Objects.requireNonNull(order, "nothing waits").takeRetry();
        waitingBytes -= RETRY_BYTES + page.url().length();
        return page;
    }

    /**
     * Returns from when on a page may be fetched, if one waits.
     *
     * @param always a moment past, since first attempts wait for nothing
     */
    OptionalLong pageAt(long always) {
        return fresh != null ? OptionalLong.of(always)
                : order == null || !order.hasRetries() ? OptionalLong.empty() : OptionalLong.of(order.nextRetryAt());
    }

    @Override
    protected int pages() {
        return pages;
    }
}
