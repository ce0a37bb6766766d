package fanout.frontier;

import fanout.admission.Screened;
import fanout.outcome.Step;
import fanout.queue.Work;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The right, and the duty, to do one piece of work. Taken from {@link Frontier#take}, ended by {@link #finish} on every
 * path: try-with-resources is what {@code defer wg.Done()} is in Go.
 *
 * <p>Confined to the worker that took it.
 */
public final class Lease implements AutoCloseable {

    private final LeaseDesk desk;
    private final LeaseEntry entry;
    private boolean finished;
    private Screened screened = Screened.NONE;
    private @Nullable LeaseResult screenedResult;

    Lease(LeaseDesk desk, LeaseEntry entry) {
        this.desk = desk;
        this.entry = entry;
    }

    /** What to do. */
    public Work work() {
        return entry.work;
    }

    /**
     * Says that the request was written, from which moment the host's delay counts.
     *
     * @param nanos when, in {@link fanout.task.Ticker#nanos}
     */
    public void written(long nanos) {
        if (entry.paced) {
            desk.written(entry, nanos);
        }
    }

    /**
     * Screens what a result brings before the lease is finished with it: by the patterns of the job, which may take long.
     *
     * @throws InterruptedException if the thread is interrupted and there is still much to do; the lease can be finished with
     *     another result then
     */
    public void screen(LeaseResult result) throws InterruptedException {
        screened = desk.screen(entry, result);
        screenedResult = result;
    }

    /**
     * Ends the lease. Never blocks for longer than the frontier's lock is held.
     *
     * @return what is settled by it, to be sent by the caller before it closes the lease; empty if the URL is tried again
     * @throws IllegalStateException if the lease was finished before
     */
    public Optional<Step> finish(LeaseResult result) {
        if (finished) {
            throw new IllegalStateException("lease finished twice: " + entry.work.url());
        }
        Screened links = result.equals(screenedResult) ? screened : desk.screened(entry, result);
        Optional<Step> step = desk.finish(entry, result, links);
        finished = true; // not before: a lease whose result could not be taken is given back by close
        return step;
    }

    /**
     * Says that the step of a finished lease was sent, or is left with another who sends it. A lease that was not finished,
     * because its worker failed, is given back: its URL stays in the frontier, to be counted.
     */
    @Override
    public void close() {
        if (finished) {
            entry.sent();
        } else {
            finished = true;
            desk.abandon(entry);
        }
    }
}
