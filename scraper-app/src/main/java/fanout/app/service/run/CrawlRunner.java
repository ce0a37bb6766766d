package fanout.app.service.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.Crawl;
import fanout.Judge;
import fanout.Scraper;
import fanout.app.json.Json;
import fanout.app.json.JudgedRuns;
import fanout.app.metrics.CrawlResult;
import fanout.app.metrics.JobRegistries;
import fanout.app.run.CrawlExecution;
import fanout.app.store.CrawlEnd;
import fanout.app.store.CrawlFolder;
import fanout.app.store.CrawlState;
import fanout.app.store.CrawlVerdict;
import fanout.app.store.History;
import fanout.app.store.OwnFiles;
import fanout.job.CrawlJob;
import fanout.journal.Journal;
import fanout.journal.JournalException;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.report.Judgement.JudgedRun;
import fanout.sink.BodyStore;
import fanout.sink.FilesFile;
import fanout.sink.ItemsFile;
import fanout.sink.LinksFile;
import fanout.sink.OutputFile;
import fanout.sink.PagesFile;
import fanout.sink.ReportFile;
import fanout.sink.Sink;
import fanout.sink.Tee;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one crawl from its first file to its last word in the history. Whatever happens, the crawl ends: by its report,
 * or by the reason why it is missing. Thread-safe: each thread runs another crawl.
 */
public final class CrawlRunner {

    private static final Logger LOG = LoggerFactory.getLogger(CrawlRunner.class);

    private final Scraper scraper;
    private final History history;
    private final RunEnds ends;
    private final LiveCrawls live;
    private final FetchShares shares;
    private final JobRegistries registries;
    private final long mostBytes;

    /**
     * Owns nothing of what it is given.
     *
     * @param mostBytes of everything in the folder of one crawl
     */
    public CrawlRunner(Scraper scraper, History history, RunEnds ends, LiveCrawls live, FetchShares shares,
            JobRegistries registries, long mostBytes) {
        this.scraper = scraper;
        this.history = history;
        this.ends = ends;
        this.live = live;
        this.shares = shares;
        this.registries = registries;
        this.mostBytes = mostBytes;
    }

    /**
     * Runs a crawl to its end in the calling thread.
     *
     * @throws InterruptedException if the thread is interrupted; the crawl has ended in order by then
     */
    public void run(CrawlTask task) throws InterruptedException {
        if (live.isStopping() || !task.begin()) {
            return; // it waits for the next start of the service, or was cancelled while it waited
        }
        int share = shares.take(task.job().concurrency());
        Run run = new Run(task, share);
        try {
            history.started(task.id(), Instant.now());
            run.baseline = history.baseline(task.id())
                    .flatMap(text -> Json.read(text.getBytes(UTF_8)))
                    .flatMap(JudgedRuns::read);
            if (live.isStopping()) {
                history.draining(); // the stopper may have said so before this
            }
            CrawlLog.started(task.id(), task.job().name());
            new CrawlExecution(run).run();
        } catch (IOException | RuntimeException | Error e) {
            run.fail(e);
        } finally {
            shares.giveBack(share);
            end(run);
        }
        switch (run.thrown) {
            case InterruptedException e -> throw e;
            case Error e -> throw e;
            case null, default -> {} // the other crawls, and the service, go on
        }
    }

    /**
     * The crawl, as its execution makes it: a crawl with a journal resumes where that ends, and any other begins with
     * empty files. What has failed first is the reason of its end.
     */
    private final class Run implements CrawlExecution.Parts {

        private final CrawlTask task;
        private final CrawlFolder folder;
        private final int share;
        private @Nullable Quota quota;
        private @Nullable BodyStore bodies;
        private @Nullable CrawlReport report;
        private @Nullable Throwable thrown;
        private @Nullable String failure;
        /** What it is compared with. */
        private Optional<JudgedRun> baseline = Optional.empty();
        /** Whether the failure is that of a file. */
        private boolean isUnwritten;

        private Run(CrawlTask task, int share) {
            this.task = task;
            this.folder = task.folder();
            this.share = share;
        }

        /** Whether its thread is wanted elsewhere: it does not wait for a disk. */
        private boolean leavesAtOnce() {
            return thrown instanceof InterruptedException || thrown instanceof Error;
        }

        private void fail(Throwable why) {
            thrown = thrown == null ? why : thrown;
            if (why instanceof UncheckedIOException unchecked) {
                failUnwritten(Objects.requireNonNull(unchecked.getCause()));
            } else if (why instanceof IOException unwritten) {
                failUnwritten(unwritten);
            } else if (!(why instanceof InterruptedException)) {
                LOG.error("crawl {} failed", task.id(), why);
                failure = "internal error: " + why;
            }
        }

        private void failUnwritten(IOException why) {
            failure = why.getMessage();
            isUnwritten = !(why instanceof JournalException);
        }

        @Override
        public Optional<Journal> openJournal() throws IOException {
            quota = new Quota(mostBytes, folder.bytes());
            OwnFiles.create(folder.journal());
            return Optional.of(Journal.resume(folder.journal(), quota, LinkOption.NOFOLLOW_LINKS));
        }

        @Override
        public List<CrawlExecution.Opening> results(boolean isResumable) {
            List<CrawlExecution.Opening> openings =
                    new ArrayList<>(List.of(() -> PagesFile.jsonLines(file(folder.pages())),
                            () -> ItemsFile.jsonLines(file(folder.items())), task::outcomes));
            boolean keepsFiles = task.job().keeping().keepsFiles();
            if (task.job().parsing().keepLinks()) { // at CrawlFolder.LINKS_PART
                openings.add(() -> LinksFile.jsonLines(file(folder.links())));
            } else if (keepsFiles) {
                openings.add(() -> Tee.of(List.of())); // nothing, in that place
            }
            if (keepsFiles) { // at CrawlFolder.FILES_PART
                openings.add(this::openBodies);
            }
            return openings;
        }

        private Sink openBodies() throws IOException {
            OwnFiles.createFolders(folder.bodies());
            BodyStore store = BodyStore.open(folder.bodies(), names -> FilesFile.named(folder.bodyLines(), names),
                    Objects.requireNonNull(quota));
            try {
                bodies = store;
                return FilesFile.jsonLines(file(folder.bodyLines()), store);
            } catch (IOException | RuntimeException | Error e) {
                try (store) {
                    throw e;
                }
            }
        }

        private OutputFile file(Path path) throws IOException {
            FileChannel file = OwnFiles.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            return OutputFile.resume(file, path.toString(), Objects.requireNonNull(quota));
        }

        @Override
        public Crawl newCrawl(Sink results, Optional<Journal> journal) throws IOException {
            CrawlJob job = task.job().toBuilder().concurrency(share).build();
            Journal kept = journal.orElseThrow();
            Crawl.Builder parts = scraper.crawl(job)
                    .to(results)
                    .meterRegistry(registries.ofJob(job.name()))
                    .journal(kept)
                    .listener(task.outcomes());
            if (bodies != null) {
                parts.files(bodies);
            }
            Crawl crawl = parts.build();
            OwnFiles.delete(folder.report()); // of an earlier run, up to here
            task.attach(crawl, () -> task.show(Continuation.Possible.committed(kept)));
            if (live.isStopping()) {
                task.ask(Ending.DRAIN); // the stopper may have looked before this crawl had begun
            }
            return crawl;
        }

        @Override
        public void notBegun(IOException why) {
            fail(why);
        }

        @Override
        public void ran(Optional<CrawlReport> made, Optional<Throwable> cause) {
            report = made.map(found -> found.withFields(task.outcomes().fields()))
                    .map(found -> new Judge(task.job().expectations()).judge(found, baseline))
                    .orElse(null);
            cause.ifPresent(this::fail);
        }

        @Override
        public void notClosed(IOException why) {
            if (failure == null) {
                failUnwritten(why);
            }
        }

        @Override
        public void writeReport() {
            try {
                if (report != null) {
                    OwnFiles.write(folder.report(), ReportFile.bytes(report));
                }
                if (failure == null) {
                    task.show(
                            new Continuation.Possible(OwnFiles.size(folder.pages()), OwnFiles.size(folder.items()),
                                    OwnFiles.size(folder.links()), OwnFiles.size(folder.bodyLines()), 0));
                }
            } catch (IOException e) {
                notClosed(e);
            }
        }
    }

    private void end(Run run) {
        CrawlTask task = run.task;
        try {
            task.sample();
            if (!task.series().isEmpty()) { // or the run has not begun
                OwnFiles.write(task.folder().series(), Json.bytes(task.series()));
            }
        } catch (IOException e) {
            run.notClosed(new IOException("the figures cannot be written: " + e.getMessage(), e));
        }
        Optional<String> failure = Optional.ofNullable(run.failure)
                .or(() -> Optional.ofNullable(run.report).flatMap(CrawlReport::failure).map(cause -> cause.message()));
        Optional<String> figures = task.measured().map(Json::line);
        try {
            if (isSuspended(run, failure)) {
                dropReport(task);
                suspend(task, figures);
                CrawlLog.suspended(task.id(), task.job().name(), figures);
            } else {
                ends.ended(task, new CrawlEnd(state(run.report, failure), Instant.now(),
                        Optional.ofNullable(run.report).map(report -> report.finishReason().label()), failure, figures,
                        bytes(task), verdict(run.report)), new RunEnds.Told(result(run), isOverQuota(run.report)),
                        run.leavesAtOnce());
            }
            task.release();
        } finally {
            live.remove(task);
        }
    }

    /** It has not ended: a report says of a crawl that the history has lost that it has. */
    private static void dropReport(CrawlTask task) {
        try {
            OwnFiles.delete(task.folder().report());
        } catch (IOException e) {
            LOG.warn("the report of crawl {}, which resumes at the next start, cannot be deleted", task.id(), e);
        }
    }

    /** It resumes at the next start, in any case; without this in the history its end counts as an unclean one. */
    private void suspend(CrawlTask task, Optional<String> figures) {
        try {
            history.suspended(task.id());
            if (figures.isPresent()) {
                history.progressed(task.id(), figures.get());
            }
        } catch (IOException e) {
            LOG.warn("the history does not know that crawl {} was suspended, or its last figures", task.id(), e);
        }
    }

    private static long bytes(CrawlTask task) {
        try {
            return task.folder().bytes();
        } catch (IOException e) {
            LOG.warn("the files of crawl {} cannot be measured", task.id(), e);
            return 0;
        }
    }

    /** Whether it resumes by itself after the next start. */
    private boolean isSuspended(Run run, Optional<String> failure) {
        return failure.isEmpty() && live.isStopping() && run.task.ending() != Ending.NONE
                && !run.task.isCancelWanted() && isInterrupted(run.report);
    }

    private static boolean isInterrupted(@Nullable CrawlReport report) {
        return report == null || report.finishReason() == FinishReason.INTERRUPTED;
    }

    /** What the report says, unless something failed that it does not know of. */
    private static CrawlResult result(Run run) {
        CrawlResult reported =
                run.report == null ? null : CrawlResult.of(run.report, run.task.job().limits());
        if (run.failure == null && reported != null) {
            return reported;
        }
        return run.isUnwritten && reported != CrawlResult.ERROR ? CrawlResult.SINK : CrawlResult.ERROR;
    }

    private static CrawlVerdict verdict(@Nullable CrawlReport report) {
        return report == null ? CrawlVerdict.NONE : Verdicts.of(ReportFile.bytes(report));
    }

    private static boolean isOverQuota(@Nullable CrawlReport report) {
        return report != null
                && report.failure().filter(why -> why.cause() instanceof Quota.ExceededException).isPresent();
    }

    private static CrawlState state(@Nullable CrawlReport report, Optional<String> failure) {
        if (failure.isPresent() || report == null) {
            return CrawlState.FAILED;
        }
        return switch (report.finishReason()) {
            case EXHAUSTED, MAX_PAGES, MAX_DURATION -> CrawlState.FINISHED;
            case INTERRUPTED -> CrawlState.CANCELLED;
            case FAILED -> CrawlState.FAILED;
        };
    }
}
