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
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs one valid job: opens its files, crawls, answers signals, and writes the report however the crawl ends. */
public final class JobRun {

    private final JobFile file;
    private final ProgressMode progress;
    private final Terminal terminal;
    private final Runnable halt;
    private final Resumption resumption;
    private final ReportOutput reportOutput;
    private final Epilogue epilogue;
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
        this.resumption = resumption;
        this.file = file;
        this.progress = progress;
        this.terminal = terminal;
        this.halt = halt;
        StopRequests none = new StopRequests(); // a crawl that is stopped has a report, too
        this.reportOutput = new ReportOutput(file.outputs().report(), new OutputOpening(terminal, none));
        boolean goesOn = resumption.isWanted() && file.outputs().journal().filter(Files::exists).isPresent();
        this.epilogue = new Epilogue(file.job(), reportOutput, terminal, summarized, resumption, goesOn, ending);
    }

    /** Crawls, with metrics if there is a port for them. Signals are answered from the first step to the last. */
    public ExitCode run(OptionalInt metricsPort) {
        try (Signals _ = new StopSignals(stops, terminal, halt).answered()) {
            ExitCode code = crawlWithMetrics(metricsPort);
            return stops.hasReaderLeft() || reportOutput.hasReaderLeft() ? code.unread() : code;
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
            return epilogue.unstarted(CrawlFailure.Kind.NOT_STARTED, e);
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
            return epilogue.refused(e);
        } catch (IOException e) {
            return epilogue.unstarted(CrawlFailure.Kind.SINK, e);
        }
        ExitCode code = openAndCrawl(journal, metrics);
        return epilogue.closed(journal) ? code : code.notWritten();
    }

    private ExitCode openAndCrawl(RunJournal journal, @Nullable MetricsServer metrics) {
        OutputSinks results;
        try {
            results = OutputSinks.open(file.job(), file.outputs(),
                    new OutputOpening(terminal, stops, journal.journal().isPresent()));
        } catch (JournalException e) {
            return epilogue.refused(e);
        } catch (InterruptedIOException e) {
            return epilogue.interrupted(e);
        } catch (IOException e) {
            return epilogue.unstarted(CrawlFailure.Kind.SINK, e);
        }
        CrawlReport report;
        try {
            report = crawlInto(results, journal, metrics);
        } catch (IOException e) {
            epilogue.closed(results);
            return e instanceof JournalException refusal ? epilogue.refused(refusal)
                    : epilogue.unstarted(CrawlFailure.Kind.SINK, e);
        }
        return epilogue.ended(report, results, journal);
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
            return crawl.report().orElseGet(() -> epilogue.notBegun(CrawlFailure.Kind.INTERNAL, e));
        } catch (RuntimeException | Error e) {
            return crawl.report()
                    .map(report -> FailedRunReport.after(report, new CrawlFailure(CrawlFailure.Kind.INTERNAL, e)))
                    .orElseGet(() -> epilogue.notBegun(CrawlFailure.Kind.INTERNAL, e));
        }
    }

    private @Nullable ProgressPoller shown(Crawl crawl) {
        return progress == ProgressMode.NONE ? null
                : progress.start(crawl, file.outputs(), terminal, stops);
    }
}
