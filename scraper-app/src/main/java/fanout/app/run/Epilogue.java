package fanout.app.run;

import fanout.app.terminal.Terminal;
import fanout.job.CrawlJob;
import fanout.journal.JournalException;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The end of a run, whether its crawl has run or could not begin: what is said, the report, and the exit code. */
final class Epilogue {

    private final CrawlJob job;
    private final ReportOutput reportOutput;
    private final Terminal terminal;
    private final boolean summarized;
    private final Resumption resumption;
    private final boolean keepsReport;
    private final Consumer<RunEnd> ending;
    private final Instant startedAt = Instant.now();

    /**
     * @param summarized whether {@code ending} says of a failure what there is to say
     * @param keepsReport whether there is an earlier run with which this one goes on: its report stays until this one has begun
     * @param ending gets the end of a crawl that has run
     */
    Epilogue(CrawlJob job, ReportOutput reportOutput, Terminal terminal, boolean summarized, Resumption resumption,
            boolean keepsReport, Consumer<RunEnd> ending) {
        this.job = job;
        this.reportOutput = reportOutput;
        this.terminal = terminal;
        this.summarized = summarized;
        this.resumption = resumption;
        this.keepsReport = keepsReport;
        this.ending = ending;
    }

    /** Ends a run whose crawl has run, and closes its outputs. */
    ExitCode ended(CrawlReport report, OutputSinks results, RunJournal journal) {
        report.failure().ifPresent(this::say);
        boolean closed = closed(results);
        boolean reported = writeReport(report);
        Cause cause = new Cause(job, report, results.problems());
        ending.accept(
                new RunEnd(report, reported, cause.isAsked() ? cause.lines() : List.of(), goingOn(report, journal)));
        ExitCode code = ExitCode.of(report, job.limits());
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

    /** Ends a run that has changed nothing: the report of an earlier run is still there. */
    ExitCode refused(JournalException why) {
        say(why);
        return ExitCode.BAD_USAGE;
    }

    /** Ends a run whose crawl could not begin. */
    ExitCode unstarted(CrawlFailure.Kind kind, IOException why) {
        return ended(notBegun(kind, why), why);
    }

    /** Ends a run that was asked to end before its crawl began. */
    ExitCode interrupted(IOException why) {
        return ended(FailedRunReport.interrupted(job.name(), startedAt), why);
    }

    private ExitCode ended(CrawlReport report, IOException why) {
        say(why);
        ExitCode code = ExitCode.of(report, job.limits());
        return (keepsReport && reportOutput.exists()) || writeReport(report) ? code : code.notWritten();
    }

    /** The report of a crawl that could not begin. */
    CrawlReport notBegun(CrawlFailure.Kind kind, Throwable why) {
        return FailedRunReport.unstarted(job.name(), startedAt, new CrawlFailure(kind, why));
    }

    /** Closes a part of the run; returns whether it could be, and says why not. */
    boolean closed(Closeable part) {
        try {
            part.close();
            return true;
        } catch (IOException e) {
            say(e);
            return false;
        }
    }

    private boolean writeReport(CrawlReport report) {
        try {
            reportOutput.write(report);
            return true;
        } catch (IOException e) {
            say(e);
            return false;
        }
    }

    private void say(IOException why) {
        terminal.line("scraper: " + why.getMessage());
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
}
