package fanout.app.service.crawl;

import fanout.Crawl;
import fanout.Scraper;
import fanout.app.json.Json;
import fanout.app.metrics.JobRegistries;
import fanout.app.store.CrawlEnd;
import fanout.app.store.CrawlState;
import fanout.app.store.History;
import fanout.file.ReportFile;
import fanout.job.CrawlJob;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.sink.Sink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one crawl from its first file to its last word in the history. Whatever happens, the crawl ends: by its report, or by the
 * reason why there is none.
 *
 * @param mostBytes of the outputs of one crawl
 */
record CrawlRunner(
        Scraper scraper,
        History history,
        RunEnds ends,
        LiveCrawls live,
        FetchShares shares,
        JobRegistries registries,
        long mostBytes) {

    private static final Logger LOG = LoggerFactory.getLogger(CrawlRunner.class);

    /**
     * Runs a crawl to its end in the calling thread.
     *
     * @throws InterruptedException if the thread is interrupted; the crawl has ended in order by then
     */
    void run(CrawlTask task) throws InterruptedException {
        if (live.isStopping() || !task.begin()) {
            return; // it waits for the next start of the service, or was cancelled while it waited
        }
        Run run = new Run(task);
        int share = shares.take(task.job().concurrency());
        try {
            history.started(task.id(), Instant.now());
            run.crawl(share);
        } catch (IOException e) {
            run.failure = e.getMessage();
        } catch (UncheckedIOException e) {
            run.failure = Objects.requireNonNull(e.getCause()).getMessage();
        } catch (RuntimeException e) {
            LOG.error("crawl {} failed", task.id(), e); // the other crawls, and the service, go on
            run.failure = "internal error: " + e;
        } catch (Error e) {
            LOG.error("crawl {} failed", task.id(), e);
            run.failure = "internal error: " + e;
            throw e;
        } finally {
            shares.giveBack(share);
            end(run);
        }
    }

    private final class Run {

        private final CrawlTask task;
        private @Nullable CrawlReport report;
        private @Nullable String failure;

        private Run(CrawlTask task) {
            this.task = task;
        }

        private void crawl(int share) throws IOException, InterruptedException {
            Files.deleteIfExists(task.folder().report());
            CrawlJob job = task.job().toBuilder().concurrency(share).build();
            try (CrawlFiles files = CrawlFiles.open(task, mostBytes)) {
                try (Sink sink = files.sink()) {
                    Crawl crawl = scraper.newCrawl(job, sink, files.journal(), registries.ofJob(job.name()));
                    run(crawl, files);
                } finally {
                    if (report != null) {
                        ReportFile.write(report, task.folder().report()); // the journal is closed after it
                    }
                }
                files.showAll();
            }
        }

        private void run(Crawl crawl, CrawlFiles files) throws InterruptedException {
            task.attach(crawl, files::showCommitted);
            if (live.isStopping()) {
                task.ask(Ending.DRAIN); // the stopper may have looked before this crawl had begun
            }
            try {
                crawl.run();
            } finally {
                report = crawl.report().orElse(null);
            }
        }
    }

    private void end(Run run) {
        CrawlTask task = run.task;
        try {
            task.sample();
            Files.write(task.folder().series(), Json.bytes(task.series()));
        } catch (IOException e) {
            run.failure = run.failure == null ? "the figures cannot be written: " + e.getMessage() : run.failure;
        }
        Optional<String> failure = Optional.ofNullable(run.failure)
                .or(() -> Optional.ofNullable(run.report).flatMap(CrawlReport::failure).map(cause -> cause.message()));
        boolean suspended = failure.isEmpty() && live.isStopping() && task.ending() != Ending.NONE
                && !task.isCancelWanted() && isInterrupted(run.report);
        try {
            if (suspended) {
                history.suspended(task.id(), Json.line(task.progress()));
                task.release();
            } else {
                CrawlState state = state(run.report, failure);
                ends.ended(task, new CrawlEnd(state, Instant.now(),
                        Optional.ofNullable(run.report).map(report -> report.finishReason().label()), failure,
                        Optional.of(Json.line(task.progress())), task.folder().bytes()));
            }
        } catch (IOException e) {
            LOG.error("the end of crawl {} cannot be kept", task.id(), e);
            task.end(CrawlState.FAILED);
        } finally {
            live.remove(task);
        }
    }

    private static boolean isInterrupted(@Nullable CrawlReport report) {
        return report == null || report.finishReason() == FinishReason.INTERRUPTED;
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
