package fanout;

import fanout.internal.metrics.CrawlMeters;
import fanout.job.CrawlJob;
import fanout.journal.Journal;
import fanout.journal.JournalException;
import fanout.journal.JournalException.Refusal;
import fanout.journal.Recording;
import fanout.outcome.CrawlListener;
import fanout.report.CrawlReport;
import fanout.report.TaskSnapshot;
import fanout.report.TaskStanding;
import fanout.sink.BodyStore;
import fanout.sink.Destination;
import fanout.sink.ResumableSink;
import fanout.sink.Sink;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One run of a job, as OkHttp's {@code Call} is one request. {@link #run} is called once and blocks its caller; the
 * other methods may be called from any thread, before, during and after the run.
 *
 * <p>Thread-safe. Owns every thread, connection and lease of the run, and has ended them all when {@code run} returns
 * or throws; the report's leak check says so. After that it keeps its last figures and nothing else: a program may hold
 * on to thousands of ended crawls.
 *
 * <p>Interrupting the thread in {@code run} cancels the network at once, lets the writer finish within the job's
 * {@code flushTimeout}, and then makes {@code run} throw {@link InterruptedException}; {@link #report} has the report.
 * A failing site or sink never makes {@code run} throw: its failure is in the outcomes and in the report.
 */
public final class Crawl {

    /** Hosts that an ended crawl keeps figures of. */
    private static final int HOSTS_KEPT = 100;

    private final CrawlJob job;
    private final AtomicBoolean started = new AtomicBoolean();
    private volatile boolean drainWanted;
    private volatile boolean cancelWanted;
    private volatile State state;

    private Crawl(CrawlJob job, Destination destination, Optional<BodyStore> files, List<CrawlListener> listeners,
            CrawlRun.Environment environment) {
        this.job = job;
        this.state = new New(destination, files, List.copyOf(listeners), environment);
    }

    /**
     * Says what a crawl is made of, in one sentence: {@code scraper.crawl(job).to(sink).journal(journal).run()}. For
     * one crawl. Not thread-safe.
     */
    public static final class Builder {

        private final CrawlJob job;
        private CrawlRun.Environment environment;
        private final List<CrawlListener> listeners = new ArrayList<>();
        private Optional<Destination> destination = Optional.empty();
        private Optional<BodyStore> files = Optional.empty();

        Builder(CrawlJob job, CrawlRun.Environment environment) {
            this.job = job;
            this.environment = environment;
        }

        /**
         * Names the sink, which gets every outcome. The crawl does not close it.
         *
         * @throws IllegalStateException if a sink was named before; {@link fanout.sink.Tee} makes one of several
         */
        public Builder to(Sink value) {
            if (destination.isPresent()) {
                throw new IllegalStateException("a crawl has one sink: combine several by Tee.of");
            }
            destination = Optional.of(new Destination.Plain(value));
            return this;
        }

        /**
         * Keeps a journal, and makes the sink resume where that ends. With a {@linkplain Journal#resume resumed}
         * journal, URLs that have their outcome are not fetched again, and the sink goes back to what was committed;
         * with a new one the crawl begins empty. The sink must have been named.
         *
         * @param journal for this crawl alone; closed by the caller, after the crawl and the sink
         * @throws IllegalStateException if no sink was named, or the journal was taken for a crawl before
         * @throws JournalException if the sink is no {@link ResumableSink}, the journal is of another job, or
         *     what was committed is missing; nothing was changed
         * @throws IOException if a sink cannot be read
         */
        public Builder journal(Journal journal) throws IOException {
            Sink sink = named().sink();
            if (!(sink instanceof ResumableSink resumable)) {
                throw new JournalException(Refusal.NOT_RESUMABLE, "a crawl into " + sink
                        + " cannot be resumed: the sink is no ResumableSink. Implement that, or crawl without a "
                        + "journal");
            }
            Recording taken = Recording.of(journal, job, environment.ticker());
            resumable.resumeAt(journal.committed());
            destination = Optional.of(new Destination.Journaled(resumable, taken));
            return this;
        }

        /**
         * Keeps bodies there, those that the job's {@link CrawlJob#keeping} names. A {@link fanout.sink.FilesFile}
         * among the sinks writes a line for each.
         *
         * @param store that of the {@code FilesFile}
         */
        public Builder files(BodyStore store) {
            files = Optional.of(store);
            return this;
        }

        /**
         * Counts this crawl in a registry of its own instead of the scraper's, such as one with a tag for the job.
         * Turns at hosts and memory are shared with the scraper's other crawls all the same.
         *
         * @param registry not closed by the crawl; crawls with the same registry share its meters
         */
        public Builder meterRegistry(MeterRegistry registry) {
            environment = environment.with(CrawlMeters.of(registry));
            return this;
        }

        /**
         * Adds a listener, which is told what this crawl does while it runs.
         *
         * @param value called by many threads at once; see {@link CrawlListener} for one that throws
         */
        public Builder listener(CrawlListener value) {
            listeners.add(value);
            return this;
        }

        /**
         * Returns the crawl, for a caller that chooses when {@link Crawl#run} is called, and where.
         *
         * @throws IllegalStateException if no sink was named, or no store although the job keeps bodies
         */
        public Crawl build() {
            if (job.keeping().keepsFiles() && files.isEmpty()) {
                throw new IllegalStateException("the crawl of " + job.name()
                        + " keeps bodies, and has no place for them: name it first, by files(store)");
            }
            return new Crawl(job, named(), files, listeners, environment);
        }

        /**
         * Runs the crawl to its end in the calling thread.
         *
         * @throws IllegalStateException if no sink was named
         * @throws InterruptedException as {@link Crawl#run} does
         */
        public CrawlReport run() throws InterruptedException {
            return build().run();
        }

        /**
         * Starts the crawl in a thread of its own.
         *
         * @return the crawl, which the caller closes
         * @throws IllegalStateException if no sink was named
         */
        public Started start() {
            return new Started(build());
        }

        private Destination named() {
            return destination.orElseThrow(() -> new IllegalStateException(
                    "the crawl of " + job.name() + " has no sink: name it first, by to(sink)"));
        }
    }

    /**
     * A crawl that runs in a thread of its own. {@link Builder#start} makes it.
     *
     * <p>Thread-safe. Owns the thread in {@link Crawl#run}: {@link #close} ends the crawl and joins that thread.
     */
    public static final class Started implements AutoCloseable {

        private final Crawl crawl;
        private final FutureTask<CrawlReport> run;
        private final Thread thread;

        private Started(Crawl crawl) {
            this.crawl = crawl;
            this.run = new FutureTask<>(crawl::run);
            this.thread = Thread.ofPlatform().name("crawl of " + crawl.job().name()).start(run);
        }

        /** Returns the crawl, to look at it, and to drain or cancel it. */
        public Crawl crawl() {
            return crawl;
        }

        /**
         * Waits until the crawl has ended, which its job's {@code maxDuration} bounds.
         *
         * @return its report
         * @throws InterruptedException if the waiting thread is interrupted; the crawl continues until it ends or is
         *     closed. Also if {@link #close} had to interrupt the crawl
         * @throws java.io.UncheckedIOException as {@link Crawl#run}
         */
        public CrawlReport await() throws InterruptedException {
            try {
                return run.get();
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case InterruptedException interrupted -> throw interrupted;
                    case RuntimeException failed -> throw failed;
                    case Error failed -> throw failed;
                    case null, default -> throw new AssertionError("run() throws nothing else", e);
                }
            }
        }

        /**
         * Cancels the crawl if it still runs, and joins its thread: everything is written, within the job's
         * {@code flushTimeout}. An interrupt is handed on to the crawl, which then ends its network at once, and is
         * kept. Idempotent.
         */
        @Override
        public void close() {
            crawl.cancel();
            boolean isInterrupted = false;
            while (true) {
                try {
                    thread.join();
                    break;
                } catch (InterruptedException e) {
                    isInterrupted = true;
                    thread.interrupt();
                }
            }
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private sealed interface State {}

    private record New(
            Destination destination,
            Optional<BodyStore> files,
            List<CrawlListener> listeners,
            CrawlRun.Environment environment) implements State {}

    private record Running(CrawlRun run) implements State {}

    /** The last figures of a crawl; the report is missing if an error of the JVM ended it. */
    private record Ended(
            CrawlProgress progress,
            List<HostProgress> hosts,
            Optional<Stall> stall,
            Optional<CrawlReport> report) implements State {}

    /** The job that this crawl runs. */
    public CrawlJob job() {
        return job;
    }

    /**
     * Crawls until nothing is left to fetch, a limit is reached, or the crawl is asked to end.
     *
     * @throws IllegalStateException if the crawl was run before
     * @throws java.io.UncheckedIOException if its journal cannot be read; nothing was changed
     * @throws InterruptedException if the calling thread was interrupted; the crawl has ended in order by then
     */
    public CrawlReport run() throws InterruptedException {
        if (!started.compareAndSet(false, true) || !(state instanceof New parts)) {
            throw new IllegalStateException("a crawl runs once");
        }
        try (CrawlRun run = new CrawlRun(job, parts.destination, parts.files, parts.listeners,
                parts.environment)) {
            state = new Running(run);
            if (drainWanted) {
                run.drain();
            }
            if (cancelWanted) {
                run.cancel();
            }
            try {
                run.execute();
            } finally {
                state = new Ended(run.progress(), run.hosts(HOSTS_KEPT), run.stall(),
                        run.report());
            }
            return run.report().orElseThrow();
        }
    }

    /**
     * Ends the crawl gently: no new fetch starts, those in flight continue to their own deadlines, everything is
     * written. Returns at once. Idempotent.
     */
    public void drain() {
        drainWanted = true;
        if (state instanceof Running running) {
            running.run.drain();
        }
    }

    /** Ends the crawl now: fetches in flight are given up, everything is written. Returns at once. Idempotent. */
    public void cancel() {
        cancelWanted = true;
        if (state instanceof Running running) {
            running.run.cancel();
        }
    }

    /** The crawl's progress; empty before {@link #run}. */
    public Optional<CrawlProgress> progress() {
        return switch (state) {
            case New _ -> Optional.empty();
            case Running running -> Optional.of(running.run.progress());
            case Ended ended -> Optional.of(ended.progress);
        };
    }

    /** The crawl's scopes and tasks, and what each waits for; empty before {@link #run} and after. */
    public Optional<TaskSnapshot> tasks() {
        return state instanceof Running running ? Optional.of(running.run.tasks()) : Optional.empty();
    }

    /**
     * The same tasks, and where their threads are; it stops each for a moment, so it is for when something is wrong.
     */
    public List<TaskStanding> standing() {
        return state instanceof Running running ? running.run.standing() : List.of();
    }

    /**
     * The crawl's hosts, the busiest first; of an ended crawl at most the first 100. Hosts that have been without work
     * for long may be missing, if the crawl has visited more than 10,000.
     *
     * @param most how many
     */
    public List<HostProgress> hosts(int most) {
        return switch (state) {
            case New _ -> List.of();
            case Running running -> running.run.hosts(most);
            case Ended ended -> ended.hosts.stream().limit(most).toList();
        };
    }

    /**
     * Hosts, a few, at which due work of this crawl waits for requests of other crawls; see
     * {@link HostProgress#heldBy}.
     */
    public List<HostProgress> heldByOthers() {
        return state instanceof Running running ? running.run.heldByOthers() : List.of();
    }

    /**
     * The last stall of the crawl: it had work, and completed nothing for longer than it may. Empty if there was none.
     * A stall is also written to the log, once.
     */
    public Optional<Stall> stall() {
        return switch (state) {
            case New _ -> Optional.empty();
            case Running running -> running.run.stall();
            case Ended ended -> ended.stall;
        };
    }

    /** Whether it is stalled at this moment, as far as it has been looked at. */
    public boolean isStalled() {
        return state instanceof Running running && running.run.isStalled();
    }

    /** The report, once {@link #run} has returned or thrown; empty if an error kept the crawl from making one. */
    public Optional<CrawlReport> report() {
        return state instanceof Ended ended ? ended.report : Optional.empty();
    }
}
