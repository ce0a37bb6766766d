package fanout.app.run;

import fanout.Crawl;
import fanout.Judge;
import fanout.Scraper;
import fanout.app.config.JobFile;
import fanout.app.progress.ProgressMode;
import fanout.app.progress.ProgressPoller;
import fanout.app.signal.Signals;
import fanout.app.signal.StopRequests;
import fanout.app.terminal.Terminal;
import fanout.app.terminal.Tty;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.journal.Journal;
import fanout.journal.JournalException;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.sink.FieldCounts;
import fanout.sink.Sink;
import fanout.sink.Tee;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs one valid job as a process: answers signals, says problems as they occur, writes the report however the crawl
 * ends, and chooses the exit code.
 */
public final class JobRun {

    private static final long LAST_WORDS_MS = 100;

    private final CrawlJob job;
    private final ProgressMode progress;
    private final JobFile file;
    private final Terminal terminal;
    private final Runnable halt;
    private final boolean summarized;
    private final Resumption resumption;
    /** Whether there is an earlier run that this one resumes: its report stays until this one has begun. */
    private final boolean keepsReport;
    private final Consumer<Summary> ending;
    private final StopRequests stops = new StopRequests();
    private final JobOutputs outputs;
    /** Whether the outputs of the run before are out of the way, or are to be replaced. */
    private boolean hasWay;
    private EarlierReports earlier = new EarlierReports(List.of());
    private final Instant startedAt = Instant.now();

    /**
     * A run that ends with a summary, or without one with a line if it has failed.
     *
     * @param summarized whether the summary is wanted
     */
    public JobRun(JobFile file, ProgressMode progress, boolean summarized, Terminal terminal, Runnable halt,
            Resumption resumption) {
        this(file, progress, terminal, halt, summarized, resumption, end -> {
            if (summarized) {
                end.lines(file.outputs(), Tty.errorWidth()).forEach(terminal::line);
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
            Consumer<Summary> ending) {
        this(file, progress, terminal, halt, true, Resumption.NEVER, ending);
    }

    private JobRun(JobFile file, ProgressMode progress, Terminal terminal, Runnable halt, boolean summarized,
            Resumption resumption, Consumer<Summary> ending) {
        this.job = file.job();
        this.file = file;
        this.progress = progress;
        this.terminal = terminal;
        this.halt = halt;
        this.summarized = summarized;
        this.resumption = resumption;
        this.keepsReport = resumption.isWanted() && file.outputs().journal().filter(Files::exists).isPresent();
        this.ending = ending;
        this.outputs = new JobOutputs(file, stops, terminal);
    }

    /**
     * Says whether a run resumes an earlier one, and which command resumes this one.
     *
     * @param isWanted whether the journal that lies there is to be used
     * @param arguments of the command that was given, its own name first
     */
    public record Resumption(boolean isWanted, List<String> arguments) {

        /** The run starts a new crawl, and no command can resume it. */
        private static final Resumption NEVER = new Resumption(false, List.of());

        private static final String FLAG = "--resume";
        private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

        public Resumption {
            arguments = List.copyOf(arguments);
        }

        /**
         * Returns the shell command that resumes the crawl; empty if it cannot be resumed.
         *
         * @param options added to the arguments; without them, the resumed crawl would end at once
         */
        private Optional<String> command(List<String> options) {
            if (arguments.isEmpty()) {
                return Optional.empty();
            }
            List<String> words = new ArrayList<>(List.of(System.getProperty("scraper.command", "scraper")));
            arguments.stream().map(Resumption::quoted).forEach(words::add);
            words.addAll(options);
            if (!arguments.contains(FLAG)) {
                words.add(FLAG);
            }
            return Optional.of(String.join(" ", words));
        }

        private static String quoted(String word) {
            return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
        }
    }

    /** Crawls, with metrics if there is a port for them. Signals are answered from the first step to the last. */
    public ExitCode run(OptionalInt metricsPort) {
        if (isComplete()) {
            return ExitCode.FINISHED;
        }
        earlier = earlierReports();
        try (Signals _ = Signals.answer(this::drain, this::cancel, this::haltNow)) {
            ExitCode code = metricsPort.isEmpty() ? run(Scraper.builder()) : runWithMetrics(metricsPort.getAsInt());
            return outputs.hasReaderLeft() ? code.unread() : code;
        }
    }

    private boolean isComplete() {
        try {
            Optional<String> complete =
                    resumption.isWanted() && !keptRuns().isMovePending() ? outputs.complete() : Optional.empty();
            complete.ifPresent(terminal::line);
            return complete.isPresent();
        } catch (IOException e) {
            return false; // opening what cannot be read says so
        }
    }

    private KeptRuns keptRuns() throws IOException {
        return new KeptRuns(file.outputs(), KeptRuns.Disk.REAL);
    }

    private ExitCode runWithMetrics(int port) {
        try (MetricsServer metrics = MetricsServer.start(port)) {
            terminal.line("metrics at " + metrics.url());
            return run(Scraper.builder().meterRegistry(metrics.registry()));
        } catch (IOException e) {
            say(e);
            return withoutCrawl(notBegun(new CrawlFailure(CrawlFailure.Kind.NOT_STARTED, e)));
        }
    }

    private ExitCode run(Scraper.Builder builder) {
        try {
            outputs.prepareReport();
        } catch (IOException e) {
            say(e);
            return ExitCode.NO_RESULTS;
        }
        try (Scraper scraper = builder.build()) {
            Execution execution = new Execution(scraper);
            new CrawlExecution(execution).run();
            if (execution.wasInterrupted) {
                Thread.currentThread().interrupt();
            }
            return execution.isClosed ? execution.code : execution.code.notWritten();
        }
    }

    /** The crawl, as its execution makes it; and what it has come to. */
    private final class Execution implements CrawlExecution.Parts {

        private final Scraper scraper;
        private final Summary.FirstProblems problems = new Summary.FirstProblems();
        private final FieldCounts fields = new FieldCounts(job.parsing().fields());
        private boolean hasJournal;
        private List<Path> kept = List.of();
        private @Nullable ProgressPoller shown;
        private @Nullable CrawlReport report;
        private boolean wasInterrupted;
        private boolean isClosed = true;
        private ExitCode code = ExitCode.INTERNAL_ERROR;

        private Execution(Scraper scraper) {
            this.scraper = scraper;
        }

        @Override
        public Optional<Journal> openJournal() throws IOException {
            KeptRuns keptRuns = keptRuns();
            boolean isPending = keptRuns.isMovePending(); // a crawl that was to be replaced cannot be resumed
            Optional<Instant> earlierStart = outputs.earlierStart();
            Optional<Journal> journal = outputs.openJournal(resumption.isWanted() && !isPending);
            hasJournal = journal.isPresent();
            try {
                if (isPending || !resumption.isWanted()) {
                    makeWay(keptRuns, journal, earlierStart);
                }
                hasWay = true;
                return journal;
            } catch (IOException | RuntimeException | Error e) {
                if (journal.isPresent()) {
                    try (Journal _ = journal.get()) {
                        throw e;
                    }
                }
                throw e;
            }
        }

        private void makeWay(KeptRuns keptRuns, Optional<Journal> journal, Optional<Instant> earlierStart)
                throws IOException {
            KeptRuns.Made made = keptRuns.makeWay(journal, earlierStart);
            kept = made.folders();
            made.notDeleted()
                    .ifPresent(why -> terminal.line("scraper: a run that is no longer kept cannot be deleted: "
                            + why.getMessage()));
        }

        @Override
        public List<CrawlExecution.Opening> results(boolean isResumable) {
            List<CrawlExecution.Opening> openings = new ArrayList<>(outputs.openings(isResumable));
            openings.add(() -> Tee.of(List.of(problems, fields)));
            return openings;
        }

        @Override
        public Crawl newCrawl(Sink results, Optional<Journal> journal) throws IOException {
            Crawl.Builder begun = scraper.crawl(job).to(results);
            outputs.bodies().ifPresent(begun::files);
            Crawl crawl = journal.isPresent() ? begun.journal(journal.get()).build() : begun.build();
            stops.applyTo(crawl);
            if (progress != ProgressMode.NONE) {
                shown = progress.start(crawl, file.outputs(), terminal, stops);
            }
            return crawl;
        }

        @Override
        public void notBegun(IOException why) {
            say(why);
            code = switch (why) {
                case JournalException _ -> ExitCode.BAD_USAGE; // nothing was changed: an earlier report is still there
                case InterruptedIOException _ ->
                        withoutCrawl(CrawlReport.interrupted(job.name(), startedAt, elapsed()));
                default -> withoutCrawl(JobRun.this.notBegun(new CrawlFailure(CrawlFailure.Kind.SINK, why)));
            };
        }

        @Override
        public void ran(Optional<CrawlReport> made, Optional<Throwable> thrown) {
            if (shown != null) {
                shown.close();
            }
            wasInterrupted = thrown.filter(InterruptedException.class::isInstance).isPresent();
            Optional<CrawlFailure> bug = thrown.map(cause -> new CrawlFailure(CrawlFailure.Kind.INTERNAL, cause));
            CrawlReport known = made.or(() -> bug.map(JobRun.this::notBegun)).orElseThrow();
            report = made.isPresent() && bug.isPresent() && !wasInterrupted ? withBug(known, bug.get()) : known;
            report.failure().ifPresent(JobRun.this::say);
        }

        @Override
        public void notClosed(IOException why) {
            say(why);
            isClosed = false;
        }

        @Override
        public void writeReport() {
            CrawlReport written = judged(Objects.requireNonNull(report).withFields(fields.fields()));
            boolean reported = isWritten(written);
            Summary.Cause cause = new Summary.Cause(job, written, problems);
            boolean goesOn = hasJournal && written.finishReason() != FinishReason.EXHAUSTED;
            ending.accept(new Summary(written, reported, cause.isAsked() ? cause.lines() : List.of(),
                    goesOn ? resumption.command(higherLimit(written)) : Optional.empty(), kept));
            ExitCode ended = ExitCode.of(written, job.limits());
            if (!summarized && ended == ExitCode.NO_RESULTS && written.failure().isEmpty()) {
                terminal.line("scraper: " + cause.line());
            }
            if (!summarized && ended == ExitCode.EXPECTATION) {
                written.judgement()
                        .broken()
                        .forEach(check -> terminal.line("scraper: " + job.name() + ": " + check.line()));
            }
            code = reported ? ended : ended.notWritten();
        }
    }

    /** A crawl that has all the pages it may have resumes only if it may have more; twice as many is a proposal. */
    private List<String> higherLimit(CrawlReport report) {
        if (report.finishReason() != FinishReason.MAX_PAGES) {
            return List.of();
        }
        Limits limits = job.limits();
        if (report.pages() >= limits.maxPages()) {
            return List.of("--set", "limits.maxPages=" + 2 * limits.maxPages());
        }
        List<String> higher = new ArrayList<>();
        if (report.cut().hosts() > 0) {
            higher.addAll(List.of("--set", "limits.maxPagesPerHost=" + 2 * limits.maxPagesPerHost().orElseThrow()));
        }
        report.cut()
                .labels()
                .stream()
                .map(CrawlReport.Part::name)
                .filter(label -> !label.contains("\""))
                .forEach(label -> higher.addAll(List.of("--set", Resumption.quoted("limits.maxPagesPerLabel."
                        + (label.matches("[\\w-]+") ? label : '"' + label + '"') + "="
                        + 2 * Objects.requireNonNull(limits.maxPagesPerLabel().get(label))))));
        return higher;
    }

    /** The report with a bug that showed after it was made; the crawl's own failure is suppressed in the bug's. */
    static CrawlReport withBug(CrawlReport report, CrawlFailure bug) {
        report.failure()
                .map(CrawlFailure::cause)
                .filter(first -> !first.equals(bug.cause())) // an exception cannot suppress itself
                .ifPresent(bug.cause()::addSuppressed);
        return report.withFailure(bug);
    }

    private Duration elapsed() {
        return Duration.between(startedAt, Instant.now());
    }

    private CrawlReport notBegun(CrawlFailure why) {
        return CrawlReport.notBegun(job.name(), startedAt, elapsed(), why);
    }

    /** Reads what earlier runs have left, before the first of it is moved or replaced. */
    private EarlierReports earlierReports() {
        Consumer<String> problems = job.expectations().maxChangePercent().isEmpty() ? _ -> {}
                : problem -> terminal.line("scraper: " + problem);
        try {
            return EarlierReports.of(job.name(), keptRuns().reports(), problems);
        } catch (IOException e) {
            problems.accept("earlier reports are not compared with: " + e.getMessage());
            return new EarlierReports(List.of());
        }
    }

    private CrawlReport judged(CrawlReport report) {
        return new Judge(job.expectations()).judge(report, earlier.judgedBefore(report.timing().startedAt()));
    }

    /** Ends a run whose crawl could not begin. */
    private ExitCode withoutCrawl(CrawlReport made) {
        CrawlReport report = judged(made);
        ExitCode code = ExitCode.of(report, job.limits());
        return ((keepsReport || keepsGoodRun()) && outputs.hasReport()) || isWritten(report) ? code
                : code.notWritten();
    }

    /** Whether a report of a run without a crawl would replace that of a good run, which is where it was. */
    private boolean keepsGoodRun() {
        try {
            return !hasWay && keptRuns().holdsGoodRun();
        } catch (IOException e) {
            return true; // what cannot be read may be good
        }
    }

    /** Writes the report; returns whether it could be, and says why not. */
    private boolean isWritten(CrawlReport report) {
        try {
            outputs.writeReport(report);
            return true;
        } catch (IOException e) {
            say(e);
            return false;
        }
    }

    private void say(IOException why) {
        terminal.line("scraper: " + why.getMessage());
    }

    /** A failure is never silent; a sink's, and that of a login, is in the summary, where there is one. */
    private void say(CrawlFailure failure) {
        switch (failure.kind()) {
            case NOT_STARTED -> terminal.line("scraper: " + failure.message());
            case INTERNAL -> terminal.internalError(failure.cause());
            case SINK, LOGIN -> {
                if (!summarized) {
                    terminal.line("scraper: " + Summary.words(failure));
                }
            }
        }
    }

    /** At the first SIGINT, SIGTERM or SIGHUP. */
    private void drain() {
        if (!stops.drain()) { // or the run says what it has waited for
            sayUndrawn("scraper: draining: fetches in flight may finish, nothing new starts; Ctrl-C again to stop now");
        }
    }

    /** At the second. */
    private void cancel() {
        stops.cancel();
        sayUndrawn("scraper: stopping: fetches in flight are given up, results are written; Ctrl-C again to halt");
    }

    /** A display on the terminal says it itself. */
    private void sayUndrawn(String text) {
        if (!terminal.isDrawnOn()) {
            terminal.line(text);
        }
    }

    /** At the third. */
    private void haltNow() {
        try {
            terminal.eraseIfPossible(LAST_WORDS_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the process ends with the next call
        }
        halt.run();
    }
}
