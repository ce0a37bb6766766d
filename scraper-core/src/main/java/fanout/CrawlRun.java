package fanout;

import fanout.internal.fetch.BodyFiles;
import fanout.internal.fetch.Fetcher;
import fanout.internal.fetch.Traffic;
import fanout.internal.frontier.Frontier;
import fanout.internal.frontier.FrontierSnapshot;
import fanout.internal.limit.MemoryBudget;
import fanout.internal.metrics.CrawlMeters;
import fanout.internal.parse.PageParser;
import fanout.internal.task.Channel;
import fanout.internal.task.Deadline;
import fanout.internal.task.Signal;
import fanout.internal.task.TaskFailedException;
import fanout.internal.task.TaskScope;
import fanout.internal.task.TaskTree;
import fanout.internal.task.Ticker;
import fanout.internal.worker.WorkerPool;
import fanout.job.CrawlJob;
import fanout.journal.Recording;
import fanout.leak.Leak;
import fanout.leak.RememberedThreads;
import fanout.outcome.CancelReason;
import fanout.outcome.CrawlListener;
import fanout.outcome.Outcome;
import fanout.outcome.Stage;
import fanout.outcome.Step;
import fanout.page.Attempt;
import fanout.page.Extractor;
import fanout.page.Request;
import fanout.page.RequestInterceptor;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.report.LeakCheck;
import fanout.report.TaskSnapshot;
import fanout.report.TaskStanding;
import fanout.sink.BodyStore;
import fanout.sink.Destination;
import fanout.sink.ResultWriter;
import fanout.sink.StepListener;
import fanout.sink.Totals;
import fanout.sink.WriterEnd;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rooms of one crawl, and the order in which they open and close.
 *
 * <pre>
 * crawl scope, without a time limit          guard: flushTimeout, once the workers have ended
 *   ├─ writer: drains the results channel
 *   └─ pool: opens the workers' scope        guard: the job's deadline, or a reason to stop
 *        ├─ worker 1 … N
 *        then sends the leftovers and closes the results
 * </pre>
 */
final class CrawlRun implements AutoCloseable {

    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final int LEAST_RESULTS = 64;
    private static final int MOST_RESULTS = 1024;
    /** Of the busiest hosts, how many are asked why nothing is in flight. */
    private static final int HOSTS_ASKED = 20;

    private final CrawlJob job;
    private final Environment environment;
    private final String name;
    private final Instant startedAt;
    /** Of the ticker, so much earlier as earlier runs of the crawl have taken. */
    private final long begunAt;
    private final Deadline deadline;
    private final Frontier frontier;
    private final Channel<Step> results;
    private final ResultWriter writer;
    private final Signal<CancelReason> stop;
    private final TaskTree tasks;
    private final RememberedThreads threads;
    private final Traffic traffic;
    private final PageParser parser;
    private final Fetcher fetcher;
    private final WorkerPool pool;
    private final StallWatch watch;
    private final CrawlMeters.Measured measured;
    private final Optional<Recording> journal;
    private final AtomicReference<@Nullable CrawlFailure> failure = new AtomicReference<>();
    private @Nullable CrawlReport report;

    /**
     * What the crawls of one {@link Scraper} run on and share, and a simulation replaces: clock, threads, network, and
     * the limits of the process.
     *
     * @param random the jitter of pauses between attempts
     * @param steps told of what crawls settle, in order
     * @param stallAfter how long a crawl with work may be without a completion before it counts as stalled; by
     *     default {@link #MARGIN} more than the longest fetch and the longest parse together
     */
    record Environment(
            Ticker ticker,
            RandomGenerator random,
            Threads threads,
            Outside outside,
            Shared shared,
            List<Extractor> extractors,
            List<RequestInterceptor> interceptors,
            CrawlMeters meters,
            StepListener steps,
            Optional<Duration> stallAfter) {

        /**
         * A page may be fetched for as long as its timeout, and then parsed for as long again: within that it is slow.
         */
        private static final Duration MARGIN = Duration.ofSeconds(30);

        Environment {
            extractors = List.copyOf(extractors);
            interceptors = List.copyOf(interceptors);
        }

        /** The same with other meters. */
        Environment with(CrawlMeters others) {
            return new Environment(ticker, random, threads, outside, shared, extractors, interceptors, others, steps,
                    stallAfter);
        }

        Duration patience(CrawlJob job) {
            Duration timeout = job.limits().requestTimeout();
            return stallAfter.orElseGet(() -> job.keeping().longest(timeout).plus(timeout).plus(MARGIN));
        }

        /**
         * Where the threads of crawls come from.
         *
         * @param own for the writer and the pool: platform threads in production, because a sink may block in system
         *     calls that would hold a virtual thread's carrier
         * @param workers for the workers: virtual ones
         */
        record Threads(ThreadFactory own, ThreadFactory workers) {

            static Threads ofTheMachine() {
                return new Threads(Thread.ofPlatform().daemon().factory(), Thread.ofVirtual().factory());
            }
        }

        /**
         * The way out.
         *
         * @param fetchers opens the network of one crawl, which the crawl closes
         */
        record Outside(FetcherFactory fetchers, LongSupplier abandonedLookups) {}

        /** Opens the network of one crawl. */
        @FunctionalInterface
        public interface FetcherFactory {
            Fetcher open(CrawlJob job, Traffic traffic);
        }

        /**
         * What all crawls together may use up.
         *
         * @param frontiers the turns at hosts, sitemaps at once, robots.txt rules, waiting URLs
         * @param memory bodies, documents, idle connections
         */
        record Shared(Frontier.Group frontiers, MemoryBudget memory) {

            /** Robots.txt rules take at most this part of the heap. */
            private static final int RULES_SHARE = 32;
            /** URLs that wait take at most so many sixteenths of it. */
            private static final int URL_SIXTEENTHS = 5;

            static Shared ofTheMachine(Ticker ticker) {
                long heap = Runtime.getRuntime().maxMemory();
                return new Shared(new Frontier.Group(heap / RULES_SHARE, heap / 16 * URL_SIXTEENTHS),
                        MemoryBudget.ofThisMachine(ticker));
            }
        }
    }

    /** @param files where bodies are kept; empty only if the job keeps none */
    CrawlRun(CrawlJob job, Destination destination, Optional<BodyStore> files, List<CrawlListener> listeners,
            Environment environment) {
        Ticker ticker = environment.ticker();
        this.job = job;
        this.environment = environment;
        this.journal = destination.journal();
        this.name = "crawl-" + NUMBERS.incrementAndGet();
        this.startedAt = journal.map(Recording::startedAt).orElseGet(ticker::now);
        this.begunAt = ticker.nanos()
                - journal.map(Recording::elapsedBefore).orElse(Duration.ZERO).toNanos();
        this.deadline = Deadline.interruptingAfter(job.limits().maxDuration(), ticker);
        this.stop = new Signal<>(ticker);
        this.tasks = new TaskTree(name, ticker);
        this.threads = new RememberedThreads(name + " ");
        this.results = Channel.bounded(Math.clamp(2L * job.concurrency(), LEAST_RESULTS, MOST_RESULTS), ticker);
        Listeners told = new Listeners(name,
                Stream.concat(Stream.of(environment.meters()), listeners.stream()).toList());
        this.writer = new ResultWriter(results.receiver(), destination, (step, early) -> {
            environment.steps().written(step, early);
            told.written(step);
        }, ticker);
        journal.map(Recording::sums).ifPresent(writer.totals()::earlier);
        this.traffic = new Traffic();
        this.parser = new PageParser(job, environment.extractors(), environment.shared().memory().documents(), ticker);
        this.frontier =
                new Frontier(job, environment.shared().frontiers(), deadline, ticker, environment.random(), journal);
        try {
            // nothing that is opened after it may fail
            this.fetcher = environment.outside().fetchers().open(job, traffic);
        } catch (RuntimeException | Error e) {
            frontier.close();
            throw e;
        }
        this.pool = new WorkerPool(job, frontier, fetcher, parser, environment.interceptors(),
                files.map(KeptBodies::new), results, stop, deadline,
                tasks, ticker, told, writer.totals()::undelivered);
        this.watch =
                new StallWatch(name, frontier, results, writer.totals(), tasks, environment.patience(job), deadline);
        this.measured = environment.meters()
                .measure(frontier, traffic, results, pool, writer.totals(),
                        watch::isStalled);
    }

    /** Runs to the end; the report is there afterwards, unless an error of the JVM ended it. */
    void execute() throws InterruptedException {
        TaskScope crawl =
                new TaskScope(name + " crawl", threads.remembering(environment.threads().own()), environment.ticker());
        List<TaskScope.Task> both = List.of(
                new TaskScope.Task(CulpritSearch.WRITER, this::write),
                new TaskScope.Task("pool", this::runPool));
        watch.start(threads.remembering(environment.threads().own()));
        try {
            crawl.run(both, this::guard, this::cancel);
        } catch (TaskFailedException e) {
            failed(CrawlFailure.Kind.INTERNAL, e.thrown());
        } catch (InterruptedException e) {
            Arrays.stream(e.getSuppressed())
                    .forEach(bug -> failed(CrawlFailure.Kind.INTERNAL, bug));
            throw e;
        } finally {
            watch.close();
            CrawlReport ended = endReport();
            if (ended.finishReason() == FinishReason.EXHAUSTED) {
                journal.ifPresent(Recording::exhausted);
            }
            report = ended;
        }
    }

    private void write() throws InterruptedException {
        try (TaskTree.Node _ = tasks.root().task(CulpritSearch.WRITER, Stage.SINK)) {
            switch (writer.run()) {
                case WriterEnd.Complete _ -> {}
                case WriterEnd.SinkFailed failed -> {
                    failed(CrawlFailure.Kind.SINK, failed.cause());
                    stop.set(CancelReason.ABORTED);
                }
            }
        } catch (InterruptedException e) {
            Optional.ofNullable(e.getCause()).ifPresent(this::saidAtTheEnd);
            throw e;
        } finally {
            // Whatever ended the writer, no sender may wait for it any more.
            results.receiver().cancel().forEach(writer.totals()::undelivered);
        }
    }

    /** A sink that was late knows which output it waited for. */
    private void saidAtTheEnd(Throwable said) {
        CrawlFailure first = failure.get();
        if (first != null && first.cause() instanceof FlushTimeoutException late) {
            failure.compareAndSet(first, new CrawlFailure(first.kind(), late.because(said)));
        }
    }

    private void runPool() throws InterruptedException {
        try {
            awaitBegin();
            pool.run(new TaskScope(name + " workers", threads.remembering(environment.threads().workers()),
                    environment.ticker()));
        } catch (TaskFailedException e) {
            // Kept, not thrown: that would end this scope, and the writer with it, before it has written what was
            // found.
            if (e.thrown() instanceof BodyFiles.NotKeptException full) {
                failed(CrawlFailure.Kind.SINK, full.failure());
            } else {
                failed(CrawlFailure.Kind.INTERNAL, e.thrown());
            }
        }
    }

    /** No host may see a run that is not in the journal. */
    private void awaitBegin() {
        try {
            while (journal.isPresent() && writer.begun().await(Long.MAX_VALUE).isEmpty()) {
                // A wait may end for nothing.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // for the pool, which closes the results
        }
    }

    /** Waits until the workers have ended; then what remains must be written in time. */
    private void guard() throws InterruptedException {
        while (pool.workersEnded().await(Long.MAX_VALUE).isEmpty()) {
            // A wait may end for nothing.
        }
        Signal<Boolean> never = new Signal<>(environment.ticker());
        never.await(job.flushTimeout().toNanos());
        failed(CrawlFailure.Kind.SINK, new FlushTimeoutException(job.flushTimeout()));
    }

    /** Only the first failure counts: what comes after it may come of it. */
    private void failed(CrawlFailure.Kind kind, Throwable cause) {
        failure.compareAndSet(null, new CrawlFailure(kind, cause));
    }

    void drain() {
        frontier.drain();
    }

    void cancel() {
        stop.set(CancelReason.INTERRUPTED); // first: it needs no lock of the frontier's
        frontier.drain();
    }

    /**
     * The tasks, from any thread; so are the views that follow, whose parts are read one after the other, not in one
     * moment. A worker that waits for a host is shown which other crawl has it, if one has.
     */
    TaskSnapshot tasks() {
        List<HostProgress> held = heldByOthers();
        return held.isEmpty() ? tasks.snapshot()
                : tasks.snapshot().waitingFor(Stage.POLITENESS, "a host that is ready; " + held.getFirst().held());
    }

    List<HostProgress> heldByOthers() {
        return frontier.heldByOthers().stream().map(HostProgress::of).toList();
    }

    List<TaskStanding> standing() {
        return tasks.standing();
    }

    Optional<Stall> stall() {
        return watch.latest();
    }

    boolean isStalled() {
        return watch.isStalled();
    }

    List<HostProgress> hosts(int most) {
        return frontier.hosts(most).stream().map(HostProgress::of).toList();
    }

    CrawlProgress progress() {
        FrontierSnapshot urls = frontier.snapshot();
        return CrawlProgress.of(writer.totals().snapshot(), urls, results.size(),
                new CrawlProgress.Timing(elapsed(), Duration.ofNanos(deadline.remainingNanos())), slowedDownBy(urls));
    }

    /** A crawl that has nothing in flight looks idle, and a reader asks why. */
    private Optional<HostProgress> slowedDownBy(FrontierSnapshot urls) {
        return urls.urls().leased() > 0 || urls.urls().delayed() == 0 ? Optional.empty()
                : hosts(HOSTS_ASKED).stream().filter(host -> host.refusal().isPresent()).findFirst();
    }

    /** Since the begin, in all runs of the crawl. */
    Duration elapsed() {
        return Duration.ofNanos(environment.ticker().nanos() - begunAt);
    }

    /** The report; empty before the end, and if an error of the JVM ended the crawl. */
    Optional<CrawlReport> report() {
        return Optional.ofNullable(report);
    }

    private CrawlReport endReport() {
        FrontierSnapshot urls = frontier.snapshot();
        Totals.Snapshot totals = writer.totals().snapshot();
        List<Leak> alive = threads.leaks();
        LeakCheck leaks = new LeakCheck(alive.size(), fetcher.activeConnections(), traffic.openBodies(),
                urls.urls().leased(), totals.undelivered());
        Optional<CrawlFailure> failed = Optional.ofNullable(failure.get());
        measured.atEnd(leaks.liveTasks(),
                failed.filter(cause -> cause.kind() == CrawlFailure.Kind.SINK).isPresent(),
                FlushTimeoutException.isIn(failed));
        LeakReport.publish(name, leaks, alive);
        Optional<CrawlFailure> why = failed.or(() -> noSession(urls)).or(this::noSpace);
        return new ReportBuilder(job, journal.map(Recording::runs).orElse(1), startedAt, elapsed(), urls, totals,
                leaks, parser.follows(),
                environment.outside().abandonedLookups().getAsLong(), wasAskedToEnd(), why).report();
    }

    private static Optional<CrawlFailure> noSession(FrontierSnapshot urls) {
        return urls.loginFailure()
                .map(reason -> new CrawlFailure(CrawlFailure.Kind.LOGIN, new NoSessionException(reason)));
    }

    /** No sink has failed: it was asked no more before it would have. */
    private Optional<CrawlFailure> noSpace() {
        return journal.filter(_ -> frontier.isOutOfSpace())
                .map(recording -> new CrawlFailure(CrawlFailure.Kind.SINK, recording.space().exceeded()));
    }

    /** A crawl may be over before its {@link #cancel} has found the frontier's lock free. */
    private boolean wasAskedToEnd() {
        return frontier.isDraining() || stop.reason().equals(Optional.of(CancelReason.INTERRUPTED));
    }

    @Override
    public void close() {
        try {
            measured.close();
            fetcher.close();
        } finally {
            frontier.close(); // or other crawls would share their hosts with this one for ever
        }
    }

    /**
     * The listeners of one crawl, as one that never throws: a listener that does is written to the log, and dropped.
     * Thread-safe. A call that has begun on another thread may still reach a listener that was dropped.
     */
    private static final class Listeners implements CrawlListener {

        private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

        private final String crawl;
        private final List<CrawlListener> listening;

        Listeners(String crawl, Collection<? extends CrawlListener> listeners) {
            this.crawl = crawl;
            this.listening = new CopyOnWriteArrayList<>(listeners);
        }

        /** The sink was given the outcomes of a step. */
        void written(Step step) {
            step.admitted().forEach(this::admitted);
            step.outcomes().forEach(this::settled);
        }

        @Override
        public void admitted(Request request) {
            tell(listener -> listener.admitted(request));
        }

        @Override
        public void entered(CanonicalUrl url, Stage stage) {
            tell(listener -> listener.entered(url, stage));
        }

        @Override
        public void attempted(CanonicalUrl url, Attempt attempt) {
            tell(listener -> listener.attempted(url, attempt));
        }

        @Override
        public void settled(Outcome outcome) {
            tell(listener -> listener.settled(outcome));
        }

        private void tell(Consumer<CrawlListener> call) {
            listening.forEach(listener -> {
                try {
                    call.accept(listener);
                } catch (RuntimeException | Error e) { // a user's listener may throw anything, and the crawl continues
                    if (listening.remove(listener)) {
                        LOG.warn("{}: a listener has thrown and is told nothing more of this crawl: {}", crawl,
                                listener.getClass().getName(), e);
                    }
                }
            });
        }
    }
}
