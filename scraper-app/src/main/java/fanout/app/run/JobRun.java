package fanout.app.run;

import fanout.Crawl;
import fanout.Scraper;
import fanout.app.config.JobFile;
import fanout.app.progress.ProgressMode;
import fanout.app.progress.ProgressPoller;
import fanout.app.signal.Signals;
import fanout.app.signal.StopRequests;
import fanout.app.terminal.FileProblem;
import fanout.app.terminal.Terminal;
import fanout.app.terminal.Tty;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import java.io.IOException;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs one valid job: opens its files, crawls, listens to signals, and writes the report, however it ends. */
public final class JobRun {

    private static final long LAST_WORDS_MS = 100;

    private final JobFile file;
    private final ProgressMode progress;
    private final Terminal terminal;
    private final Consumer<CrawlReport> ending;
    private final Runnable halt;
    private final Instant startedAt = Instant.now();
    private final StopRequests stops = new StopRequests();

    /** A run that ends with a summary for people, unless they want to see no progress. */
    public JobRun(JobFile file, ProgressMode progress, Terminal terminal, Runnable halt) {
        this(file, progress, terminal, halt, report -> {
            if (progress != ProgressMode.NONE) {
                Summary.of(report, file.outputs(), Tty.errorWidth()).forEach(terminal::line);
            }
        });
    }

    /**
     * A run that ends in its own way.
     *
     * @param halt ends the process at once: what a third signal asks for
     * @param ending gets the report of a crawl that has run, when all files are written
     */
    public JobRun(JobFile file, ProgressMode progress, Terminal terminal, Runnable halt,
            Consumer<CrawlReport> ending) {
        this.file = file;
        this.progress = progress;
        this.terminal = terminal;
        this.ending = ending;
        this.halt = halt;
    }

    /** Crawls, with metrics if there is a port for them. Signals are answered from the first step to the last. */
    public ExitCode run(OptionalInt metricsPort) {
        try (Signals _ = Signals.answer(this::drain, this::cancel, this::halt)) {
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
            terminal.line(
                    "scraper: cannot serve metrics on 127.0.0.1:" + metricsPort.getAsInt() + ": " + e.getMessage());
            return reported(unstarted(new CrawlFailure(CrawlFailure.Kind.INTERNAL, e)), ExitCode.BAD_USAGE);
        }
    }

    private ExitCode crawl(@Nullable MetricsServer metrics) {
        OutputSinks results;
        try {
            results = OutputSinks.open(file.job(), file.outputs());
        } catch (IOException e) {
            terminal.line("scraper: cannot write: " + FileProblem.explain(e));
            return reported(unstarted(new CrawlFailure(CrawlFailure.Kind.SINK, e)), ExitCode.NO_RESULTS);
        }
        CrawlReport report = crawl(results, metrics);
        report.failure().ifPresent(this::tell);
        ExitCode code = reported(report, closed(results, ExitCode.of(report)));
        ending.accept(report);
        return code;
    }

    private CrawlReport crawl(OutputSinks results, @Nullable MetricsServer metrics) {
        Scraper.Builder builder = Scraper.builder();
        if (metrics != null) {
            builder.meterRegistry(metrics.registry());
        }
        try (Scraper scraper = builder.build()) {
            Crawl crawl = scraper.newCrawl(file.job(), results.sink());
            stops.steer(crawl);
            try (ProgressPoller _ = shown(crawl)) {
                return crawl.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return crawl.report().orElseGet(() -> unstarted(new CrawlFailure(CrawlFailure.Kind.INTERNAL, e)));
            } catch (RuntimeException e) {
                CrawlFailure bug = new CrawlFailure(CrawlFailure.Kind.INTERNAL, e);
                return crawl.report().map(report -> FailedRunReport.after(report, bug)).orElseGet(() -> unstarted(bug));
            }
        }
    }

    private @Nullable ProgressPoller shown(Crawl crawl) {
        return progress == ProgressMode.NONE ? null
                : progress.start(crawl, file.outputs(), terminal, stops);
    }

    /** No way to show progress makes a failure silent; where there is a summary, it has the sink's. */
    private void tell(CrawlFailure failure) {
        switch (failure.kind()) {
            case INTERNAL -> terminal.internalError(failure.cause());
            case SINK -> {
                if (progress == ProgressMode.NONE) {
                    terminal.line("scraper: " + failure.message());
                }
            }
        }
    }

    private void drain() {
        stops.drain();
        say("scraper: draining; fetches in flight may finish, nothing new starts. Once more: stop now.");
    }

    private void cancel() {
        stops.cancel();
        say("scraper: giving up fetches in flight; what was fetched is written. Once more: halt.");
    }

    /** Where progress is drawn, it says so itself. */
    private void say(String text) {
        if (!terminal.isDrawnOn()) {
            terminal.line(text);
        }
    }

    private void halt() {
        try {
            terminal.eraseIfPossible(LAST_WORDS_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // not for long
        }
        halt.run();
    }

    private ExitCode closed(OutputSinks results, ExitCode code) {
        try {
            results.close();
            return code;
        } catch (IOException e) {
            terminal.line("scraper: cannot write: " + FileProblem.explain(e));
            return notWritten(code);
        }
    }

    private ExitCode reported(CrawlReport report, ExitCode code) {
        try {
            OutputSinks.write(report, file.outputs().report());
            return code;
        } catch (IOException e) {
            terminal.line("scraper: cannot write the report: " + FileProblem.explain(e));
            return notWritten(code);
        }
    }

    /** Something could not be written; a code that tells of something worse stands. */
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
