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
 * One run of a job, as OkHttp's {@code Call} is one request. {@link #run} is called once and blocks its caller; the other
 * methods may be called from any thread, before, during and after the run.
 *
 * <p>Thread-safe. A crawl owns every thread, connection and lease of its run, and has ended them all when {@code run} returns
 * or throws; the report's leak check says so.
 *
 * <p>Interrupting the thread in {@code run} cancels the network at once, lets the writer finish within the job's
 * {@code flushTimeout}, and then makes {@code run} throw {@link InterruptedException}; {@link #report} has the report. A
 * failing site or sink never makes {@code run} throw: its failure is in the outcomes and in the report.
 */
public final class Crawl {

    private final CrawlJob job;
    private final Sink sink;
    private final CrawlRuntime runtime;
    private final AtomicBoolean started = new AtomicBoolean();
    private volatile boolean drainWanted;
    private volatile boolean cancelWanted;
    private volatile @Nullable CrawlRun run;
    private volatile @Nullable CrawlReport report;

    Crawl(CrawlJob job, Sink sink, CrawlRuntime runtime) {
        this.job = job;
        this.sink = sink;
        this.runtime = runtime;
    }

    /** The job that this crawl runs. */
    public CrawlJob job() {
        return job;
    }

    /**
     * Crawls until nothing is left to fetch, a limit is reached, or the crawl is asked to end.
     *
     * @throws IllegalStateException if the crawl was run before
     * @throws InterruptedException if the calling thread was interrupted; the crawl has ended in order by then
     */
    public CrawlReport run() throws InterruptedException {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("a crawl runs once");
        }
        try (CrawlRun current = new CrawlRun(job, sink, runtime)) {
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
                report = current.report().orElse(null); // without one, what was thrown says why
            }
            return current.report().orElseThrow();
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

    /** The crawl's progress; empty before {@link #run}. */
    public Optional<CrawlProgress> progress() {
        return Optional.ofNullable(run).map(CrawlRun::progress);
    }

    /** The crawl's live tasks, and what each waits for; empty before {@link #run}. */
    public List<TaskTree.Snapshot> tasks() {
        return Optional.ofNullable(run).map(CrawlRun::tasks).orElse(List.of());
    }

    /**
     * The last stall of the crawl: it had work, and completed nothing for longer than it may. Empty if there was none. A stall
     * is also written to the log, once.
     */
    public Optional<Stall> stall() {
        return Optional.ofNullable(run).flatMap(CrawlRun::stall);
    }

    /** The report, once {@link #run} has returned or thrown; empty if an error kept the crawl from making one. */
    public Optional<CrawlReport> report() {
        return Optional.ofNullable(report);
    }
}
