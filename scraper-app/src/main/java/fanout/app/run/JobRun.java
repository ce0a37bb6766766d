package fanout.app.run;

import fanout.Crawl;
import fanout.Scraper;
import fanout.app.config.JobFile;
import fanout.app.progress.ProgressMode;
import fanout.app.progress.ProgressPoller;
import fanout.app.signal.Signals;
import fanout.app.signal.StopRequests;
import fanout.app.terminal.Terminal;
import fanout.app.terminal.Tty;
import fanout.journal.JournalException;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs one valid job: opens its files, crawls, answers signals, and writes the report however the crawl ends. */
public final class JobRun {

    private final JobFile file;
    private final ReportOutput reportOutput;
    private final ProgressMode progress;
    private final Terminal terminal;
    private final Consumer<RunEnd> ending;
    private final Runnable halt;
    private final boolean summarized;
    private final Resumption resumption;
    private final Instant startedAt = Instant.now();
    private final StopRequests stops = new StopRequests();

    /**
     * A run that ends with a summary, or without one with a line if it has failed.
     *
     * @param summarized whether the summary is wanted
     */
    public JobRun(JobFile file, ProgressMode progress, boolean summarized, Terminal terminal, Runnable halt,
            Resumption resumption) {
        this(file, progress, terminal, halt, summarized, resumption, end -> {
            if (summarized) {
                Summary.of(end, file.outputs(), Tty.errorWidth()).forEach(terminal::line);
            }
        });
    }

    /**
     * A run that ends in its own way.
     *
     * @param halt ends the process at once: what a third signal asks for
     * @param ending gets the end of a crawl that has run
     */
    public JobRun(JobFile file, ProgressMode progress, Terminal terminal, Runnable halt,
            Consumer<RunEnd> ending) {
        this(file, progress, terminal, halt, true, Resumption.NEVER, ending);
    }

    private JobRun(JobFile file, ProgressMode progress, Terminal terminal, Runnable halt, boolean summarized,
            Resumption resumption, Consumer<RunEnd> ending) {
        this.summarized = summarized;
        this.resumption = resumption;
        this.file = file;
        StopRequests none = new StopRequests(); // a crawl that is stopped has a report, too
        this.reportOutput = new ReportOutput(file.outputs().report(), new OutputOpening(terminal, none));
        this.progress = progress;
        this.terminal = terminal;
        this.ending = ending;
        this.halt = halt;
    }

    /** Crawls, with metrics if there is a port for them. Signals are answered from the first step to the last. */
    public ExitCode run(OptionalInt metricsPort) {
        try (Signals _ = new StopSignals(stops, terminal, halt).answered()) {
            return crawlWithMetrics(metricsPort);
        }
    }

    private ExitCode crawlWithMetrics(OptionalInt port) {
        if (port.isEmpty()) {
            return openAndCrawl(null);
        }
        try (MetricsServer metrics = MetricsServer.start(port.getAsInt())) {
            terminal.line("metrics at " + metrics.url());
            return openAndCrawl(metrics);
        } catch (IOException e) {
            return endUnstarted(unstarted(new CrawlFailure(CrawlFailure.Kind.NOT_STARTED, e)), e);
        }
    }

    private ExitCode openAndCrawl(@Nullable MetricsServer metrics) {
        try {
            reportOutput.prepare();
        } catch (IOException e) {
            terminal.line("scraper: " + e.getMessage());
            return ExitCode.NO_RESULTS;
        }
        RunJournal journal;
        try {
            journal = RunJournal.open(file.outputs(), resumption.isWanted(), terminal);
        } catch (JournalException e) {
            return refused(e);
        } catch (IOException e) {
            return endUnstarted(unstarted(new CrawlFailure(CrawlFailure.Kind.SINK, e)), e);
        }
        ExitCode code = openAndCrawl(journal, metrics);
        return closed(journal) ? code : code.notWritten();
    }

    private ExitCode openAndCrawl(RunJournal journal, @Nullable MetricsServer metrics) {
        OutputSinks results;
        try {
            results = OutputSinks.open(file.job(), file.outputs(),
                    new OutputOpening(terminal, stops, journal.journal().isPresent()));
        } catch (JournalException e) {
            return refused(e);
        } catch (InterruptedIOException e) {
            return endUnstarted(FailedRunReport.interrupted(file.job().name(), startedAt), e);
        } catch (IOException e) {
            return endUnstarted(unstarted(new CrawlFailure(CrawlFailure.Kind.SINK, e)), e);
        }
        CrawlReport report;
        try {
            report = crawlInto(results, journal, metrics);
        } catch (IOException e) {
            closed(results);
            return e instanceof JournalException refusal ? refused(refusal)
                    : endUnstarted(unstarted(new CrawlFailure(CrawlFailure.Kind.SINK, e)), e);
        }
        return end(report, results, journal);
    }

    private ExitCode end(CrawlReport report, OutputSinks results, RunJournal journal) {
        report.failure().ifPresent(this::say);
        boolean closed = closed(results);
        boolean reported = writeReport(report);
        Cause cause = new Cause(file.job(), report, results.problems());
        ending.accept(
                new RunEnd(report, reported, cause.isAsked() ? cause.lines() : List.of(), goingOn(report, journal)));
        ExitCode code = ExitCode.of(report, file.job().limits());
        if (!summarized && code == ExitCode.NO_RESULTS && report.failure().isEmpty()) {
            terminal.line("scraper: " + cause.line());
        }
        return closed && reported ? code : code.notWritten();
    }

    private Optional<String> goingOn(CrawlReport report, RunJournal journal) {
        return journal.journal().isPresent() && report.finishReason() != FinishReason.EXHAUSTED
                ? resumption.command()
                : Optional.empty();
    }

    /** Nothing was changed, and the report of the earlier run is still there. */
    private ExitCode refused(JournalException why) {
        terminal.line("scraper: " + why.getMessage());
        return ExitCode.BAD_USAGE;
    }

    /** Ends a run before its crawl has begun. */
    private ExitCode endUnstarted(CrawlReport report, IOException why) {
        terminal.line("scraper: " + why.getMessage());
        ExitCode code = ExitCode.of(report, file.job().limits());
        return writeReport(report) ? code : code.notWritten();
    }

    private CrawlReport crawlInto(OutputSinks results, RunJournal journal, @Nullable MetricsServer metrics)
            throws IOException {
        Scraper.Builder builder = Scraper.builder();
        if (metrics != null) {
            builder.meterRegistry(metrics.registry());
        }
        try (Scraper scraper = builder.build()) {
            Crawl crawl = journal.journal().isPresent()
                    ? scraper.newCrawl(file.job(), results.sink(), journal.journal().get())
                    : scraper.newCrawl(file.job(), results.sink());
            stops.applyTo(crawl);
            return runWithProgress(crawl);
        }
    }

    private CrawlReport runWithProgress(Crawl crawl) {
        try (ProgressPoller _ = shown(crawl)) {
            return crawl.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return crawl.report().orElseGet(() -> unstarted(new CrawlFailure(CrawlFailure.Kind.INTERNAL, e)));
        } catch (RuntimeException | Error e) {
            CrawlFailure bug = new CrawlFailure(CrawlFailure.Kind.INTERNAL, e);
            return crawl.report().map(report -> FailedRunReport.after(report, bug)).orElseGet(() -> unstarted(bug));
        }
    }

    private @Nullable ProgressPoller shown(Crawl crawl) {
        return progress == ProgressMode.NONE ? null
                : progress.start(crawl, file.outputs(), terminal, stops);
    }

    /** A failure is never silent; a sink's is in the summary, where there is one. */
    private void say(CrawlFailure failure) {
        switch (failure.kind()) {
            case NOT_STARTED -> terminal.line("scraper: " + failure.message());
            case INTERNAL -> terminal.internalError(failure.cause());
            case SINK -> {
                if (!summarized) {
                    terminal.line("scraper: " + Summary.words(failure));
                }
            }
        }
    }

    private boolean closed(Closeable part) {
        try {
            part.close();
            return true;
        } catch (IOException e) {
            terminal.line("scraper: " + e.getMessage());
            return false;
        }
    }

    private boolean writeReport(CrawlReport report) {
        try {
            reportOutput.write(report);
            return true;
        } catch (IOException e) {
            terminal.line("scraper: " + e.getMessage());
            return false;
        }
    }

    private CrawlReport unstarted(CrawlFailure failure) {
        return FailedRunReport.unstarted(file.job().name(), startedAt, failure);
    }
}
