package fanout.internal.host;

import fanout.url.Host;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * The pages of one host and one label that were set aside since their label had no share left, and their place in the
 * schedule of the label. All of them are due.
 *
 * <p>Which of a host's lanes has the page that was found first is seen by the number of the run in which it was set
 * aside: pages that follow each other into one lane have one number.
 *
 * <p>Guarded by the frontier's lock.
 *
 * @param <H> the host
 */
final class Lane<H extends Lane.Place> extends PageQueue<H> {

    private static final long OWN_BYTES = 300;

    private final H host;
    private final int label;
    /** Of first attempts, by their priority. */
    private final Map<Integer, Deque<Run>> runs = new HashMap<>();

    /** A host, which knows when its pages may be leased. */
    interface Place {

        Host host();

        /** Returns when pages of the lane can be leased; empty if not before something has ended. */
        OptionalLong nextAt(Lane<?> lane);

        /** Whether pages of the lane wait for nothing but the host. */
        boolean hasWork(Lane<?> lane);
    }

    /** Pages that were set aside one after the other. */
    private static final class Run {

        private final long number;
        private long pages;

        private Run(long number) {
            this.number = number;
        }
    }

    Lane(H host, int label) {
        this.host = host;
        this.label = label;
    }

    int label() {
        return label;
    }

    @Override
    Host host() {
        return host.host();
    }

    @Override
    public H owner() {
        return host;
    }

    @Override
    long ownBytes() {
        return OWN_BYTES;
    }

    @Override
    protected OptionalLong nextAt() {
        return host.nextAt(this);
    }

    @Override
    protected boolean hasWork() {
        return host.hasWork(this);
    }

    /** Adds a page that is due, of the run with this number. */
    void add(Pending page, long number) {
        add(page);
        if (page.isFirstAttempt()) {
            Deque<Run> ofPriority = runs.computeIfAbsent(page.priority(), _ -> new ArrayDeque<>(1));
            if (ofPriority.isEmpty() || ofPriority.getLast().number != number) {
                ofPriority.add(new Run(number));
            }
            ofPriority.getLast().pages++;
        }
    }

    @Override
    Pending takePage(long now) {
        Pending page = super.takePage(now);
        taken(page);
        return page;
    }

    @Override
    List<Pending> takePages(int most) {
        List<Pending> some = super.takePages(most);
        some.forEach(this::taken);
        return some;
    }

    private void taken(Pending page) {
        if (page.isFirstAttempt()) {
            Deque<Run> ofPriority = Objects.requireNonNull(runs.get(page.priority()));
            ofPriority.getFirst().pages--;
            if (ofPriority.getFirst().pages == 0) {
                ofPriority.removeFirst();
            }
            if (ofPriority.isEmpty()) {
                runs.remove(page.priority());
            }
        }
    }

    /** Whether its first page goes before that of another lane. Both have one. */
    boolean isBefore(Lane<H> other, long now) {
        int priority = nextPriority(now);
        int others = other.nextPriority(now);
        if (priority != others) {
            return priority > others;
        }
        boolean isRetry = isRetryNext(now);
        if (isRetry || other.isRetryNext(now)) {
            return isRetry;
        }
        return firstRun(priority) < other.firstRun(priority);
    }

    private long firstRun(int priority) {
        return Objects.requireNonNull(runs.get(priority)).getFirst().number;
    }

    /** Whether its first page goes before the first one of the host's queue. Both have one. */
    boolean isBefore(PageQueue<H> queue, long now) {
        int priority = nextPriority(now);
        int others = queue.nextPriority(now);
        return priority != others ? priority > others : isRetryNext(now) || !queue.isRetryNext(now);
    }
}
