package fanout.app.run;

import fanout.Crawl;
import fanout.CrawlProgress;
import fanout.Scraper;
import fanout.app.config.JobFile;
import fanout.app.progress.ProgressMode;
import fanout.app.progress.ProgressPoller;
import fanout.app.signal.Signals;
import fanout.app.signal.StopRequests;
import fanout.app.terminal.Terminal;
import fanout.app.terminal.Tty;
import fanout.outcome.Failed;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs one valid job: opens its files, crawls, answers signals, and writes the report however the crawl ends. */
public final class JobRun {

    private final JobFile file;
    private final ProgressMode progress;
    private final Terminal terminal;
    private final Consumer<RunEnd> ending;
    private final Runnable halt;
    private final Instant startedAt = Instant.now();
    private final StopRequests stops = new StopRequests();

    /** A run that ends with a summary, unless the user wants no progress. */
    public JobRun(JobFile file, ProgressMode progress, Terminal terminal, Runnable halt) {
        this(file, progress, terminal, halt, end -> {
            if (progress != ProgressMode.NONE) {
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
        this.file = file;
        this.progress = progress;
        this.terminal = terminal;
        this.ending = ending;
        this.halt = halt;
    }

    /** Crawls, with metrics if there is a port for them. Signals are answered from the first step to the last. */
    public ExitCode run(OptionalInt metricsPort) {
        try (Signals _ = new StopSignals(stops, terminal, halt).answered()) {
            return measured(metricsPort);
        }
    }

    private ExitCode measured(OptionalInt metricsPort) {
        if (metricsPort.isEmpty()) {
            return crawl(null);
        }
        try (MetricsServer metrics = MetricsServer.start(metricsPort.getAsInt())) {
            terminal.line("metrics at " + metrics.url());
            return crawl(metrics);
        } catch (IOException e) {
            CrawlFailure failure = new CrawlFailure(CrawlFailure.Kind.NOT_STARTED, e);
            say(failure);
            CrawlReport report = unstarted(failure);
            writeReport(report);
            return ExitCode.of(report);
        }
    }

    private ExitCode crawl(@Nullable MetricsServer metrics) {
        OutputSinks results;
        try {
            results = OutputSinks.open(file.job(), file.outputs());
        } catch (IOException e) {
            terminal.line("scraper: " + e.getMessage());
            boolean isReport = e instanceof CannotWriteException problem
                    && problem.output().equals(file.outputs().report());
            if (!isReport) { // or the terminal would get the same reason twice
                writeReport(unstarted(new CrawlFailure(CrawlFailure.Kind.SINK, e)));
            }
            return ExitCode.NO_RESULTS;
        }
        Crawled crawled = crawl(results, metrics);
        CrawlReport report = crawled.report;
        report.failure().ifPresent(this::say);
        boolean closed = close(results);
        boolean reported = writeReport(report);
        ending.accept(new RunEnd(report, reported, crawled.lastFailure));
        ExitCode code = ExitCode.of(report);
        return closed && reported ? code : notWritten(code);
    }

    private record Crawled(CrawlReport report, Optional<Failed> lastFailure) {}

    private Crawled crawl(OutputSinks results, @Nullable MetricsServer metrics) {
        Scraper.Builder builder = Scraper.builder();
        if (metrics != null) {
            builder.meterRegistry(metrics.registry());
        }
        try (Scraper scraper = builder.build()) {
            Crawl crawl = scraper.newCrawl(file.job(), results.sink());
            stops.applyTo(crawl);
            CrawlReport report = run(crawl);
            return new Crawled(report, crawl.progress().flatMap(CrawlProgress::lastFailure));
        }
    }

    private CrawlReport run(Crawl crawl) {
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
                if (progress == ProgressMode.NONE) {
                    terminal.line("scraper: " + Summary.words(failure));
                }
            }
        }
    }

    private boolean close(OutputSinks results) {
        try {
            results.close();
            return true;
        } catch (IOException e) {
            terminal.line("scraper: " + e.getMessage());
            return false;
        }
    }

    private boolean writeReport(CrawlReport report) {
        try {
            OutputSinks.write(report, file.outputs().report());
            return true;
        } catch (IOException e) {
            terminal.line("scraper: " + e.getMessage());
            return false;
        }
    }

    /** Something could not be written; a code for something worse is kept. */
    private static ExitCode notWritten(ExitCode code) {
        return switch (code) {
            case BAD_USAGE, INTERNAL_ERROR, LEAKED, NO_RESULTS -> code;
            case INTERRUPTED, MAX_DURATION, FINISHED -> ExitCode.NO_RESULTS;
        };
    }

    private CrawlReport unstarted(CrawlFailure failure) {
        return FailedRunReport.unstarted(file.job().name(), startedAt, failure);
    }
}
