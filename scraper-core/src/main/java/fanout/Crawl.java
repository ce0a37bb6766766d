package fanout;

import fanout.job.CrawlJob;
import fanout.report.CrawlReport;
import fanout.sink.Sink;
import fanout.task.TaskTree;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One run of a job, as OkHttp's {@code Call} is one request: {@link #run} once, blocking, in the caller's thread; everything
 * else from any thread, before, during and after.
 *
 * <p>Thread-safe. Owns every thread, connection and lease of the run, and has ended them all when {@code run} returns or
 * throws; the report's leak check says so.
 *
 * <p>Interrupting the thread in {@code run} cancels the network at once, lets the writer finish within the job's
 * {@code flushTimeout}, and then {@code run} throws {@link InterruptedException}; the report is in {@link #report}. What a
 * site or a sink does wrong never makes {@code run} throw: it is in the outcomes and in the report.
 */
public final class Crawl {

    private final CrawlJob job;
    private final Sink sink;
    private final CrawlRuntime machinery;
    private final AtomicBoolean started = new AtomicBoolean();
    private volatile boolean drainWanted;
    private volatile boolean cancelWanted;
    private volatile @Nullable CrawlRun run;
    private volatile @Nullable CrawlReport report;

    Crawl(CrawlJob job, Sink sink, CrawlRuntime machinery) {
        this.job = job;
        this.sink = sink;
        this.machinery = machinery;
    }

    /** The job that this crawl runs. */
    public CrawlJob job() {
        return job;
    }

    /**
     * Crawls until nothing is left to fetch, a limit is reached, or somebody ends it.
     *
     * @throws IllegalStateException if the crawl was run before
     * @throws InterruptedException if the calling thread was interrupted; the crawl has ended in order by then
     */
    public CrawlReport run() throws InterruptedException {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("a crawl runs once");
        }
        try (CrawlRun current = new CrawlRun(job, sink, machinery)) {
            run = current;
            if (drainWanted) {
                current.drain();
            }
            if (cancelWanted) {
                current.cancel();
            }
            try {
                current.execute();
            } finally {
                report = current.report();
            }
            return current.report();
        }
    }

    /**
     * Ends the crawl gently: no new fetch starts, those in flight go on to their own deadlines, everything is written.
     * Returns at once. Idempotent.
     */
    public void drain() {
        drainWanted = true;
        CrawlRun current = run;
        if (current != null) {
            current.drain();
        }
    }

    /** Ends the crawl now: fetches in flight are given up, everything is written. Returns at once. Idempotent. */
    public void cancel() {
        cancelWanted = true;
        CrawlRun current = run;
        if (current != null) {
            current.cancel();
        }
    }

    /** How far the crawl is; empty before {@link #run}. */
    public Optional<CrawlProgress> progress() {
        return Optional.ofNullable(run).map(CrawlRun::progress);
    }

    /** Who is alive in the crawl, and what each waits for. */
    public List<TaskTree.Snapshot> tasks() {
        return Optional.ofNullable(run).map(CrawlRun::tasks).orElse(List.of());
    }

    /**
     * The last time that the crawl was seen standing still: work, and no completion for longer than it may be. Empty if that
     * never was. It is also written to the log, once.
     */
    public Optional<Stall> stall() {
        return Optional.ofNullable(run).flatMap(CrawlRun::stall);
    }

    /** The report, once {@link #run} has returned or thrown. */
    public Optional<CrawlReport> report() {
        return Optional.ofNullable(report);
    }
}
