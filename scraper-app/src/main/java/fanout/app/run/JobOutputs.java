package fanout.app.run;

import fanout.app.config.JobFile;
import fanout.app.config.Output;
import fanout.app.config.Output.Format.Csv;
import fanout.app.config.Output.Format.JsonLines;
import fanout.app.config.Output.Format.Sqlite;
import fanout.app.config.Outputs;
import fanout.app.signal.StopRequests;
import fanout.app.sinks.PostgresTable;
import fanout.app.sinks.SqliteFile;
import fanout.app.sinks.TableRows;
import fanout.app.terminal.CleanChannel;
import fanout.app.terminal.StandardOutput;
import fanout.app.terminal.Terminal;
import fanout.app.terminal.Tty;
import fanout.job.CrawlJob;
import fanout.journal.Journal;
import fanout.journal.JournalException;
import fanout.journal.JournalException.Refusal;
import fanout.journal.Space;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.sink.BodyStore;
import fanout.sink.Compression;
import fanout.sink.CsvStyle;
import fanout.sink.FilesFile;
import fanout.sink.ItemsFile;
import fanout.sink.LinksFile;
import fanout.sink.OutputFile;
import fanout.sink.PagesFile;
import fanout.sink.ReportFile;
import fanout.sink.ResumableSink;
import fanout.sink.Sink;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The outputs of a job that a command runs: its journal, its results, and its report, each opened as its kind needs.
 * Tells the user what a person should know of them, as that a pipe has no reader yet. What is opened is closed by the
 * caller. Used by one thread at a time.
 */
final class JobOutputs {

    private final CrawlJob job;
    private final Outputs outputs;
    private final StopRequests stops;
    private final Terminal terminal;
    /** Has no signals: a crawl that is stopped has a report, too. */
    private final StopRequests reportStops = new StopRequests();
    private Optional<BodyStore> bodies = Optional.empty();

    /** @param stops the first request ends the wait for a reader of results */
    JobOutputs(JobFile file, StopRequests stops, Terminal terminal) {
        this.job = file.job();
        this.outputs = file.outputs();
        this.stops = stops;
        this.terminal = terminal;
    }

    /**
     * Opens the journal, and says what a person should know of it; empty if the crawl keeps none. Nothing is changed
     * yet.
     *
     * @param isResumed whether the run resumes the crawl whose journal lies there
     * @throws JournalException if it cannot
     * @throws NamedSink.CannotWriteException if the journal cannot be opened
     */
    Optional<Journal> openJournal(boolean isResumed) throws IOException {
        if (outputs.journal().isEmpty() || !outputs.areResumable()) {
            if (isResumed) {
                throw new JournalException(Refusal.NOT_RESUMABLE, whyNotResumable());
            }
            return Optional.empty();
        }
        Path path = outputs.journal().get();
        // before the journal's, which is often the same: the message names what a job names
        for (Output output : outputs.results().values()) {
            makeFolder(output);
        }
        makeFolder(new Output.File(path, new JsonLines()));
        Journal journal;
        try {
            journal = isResumed ? Journal.resume(path, identity(path)) : Journal.create(path, identity(path));
        } catch (JournalException e) {
            throw e;
        } catch (IOException e) {
            throw new NamedSink.CannotWriteException(new Output.File(path, new JsonLines()), e);
        }
        journal.loss().ifPresent(terminal::line);
        if (isResumed && !journal.isResumed()) {
            terminal.line("there is no crawl to resume in " + path + ": it starts from the beginning");
        }
        return Optional.of(journal);
    }

    /**
     * Returns when the crawl began that another run has left; empty if there is no journal that says so, or none that
     * can be read, which whoever opens it says.
     */
    Optional<Instant> earlierStart() throws IOException {
        Optional<Path> journal = outputs.journal().filter(Files::isRegularFile);
        try {
            return journal.isEmpty() ? Optional.empty() : Journal.inspect(journal.get()).startedAt();
        } catch (JournalException e) {
            return Optional.empty();
        }
    }

    /** Returns in words that the crawl that lies there has nothing left to do; empty if it has, or none lies there. */
    Optional<String> complete() throws IOException {
        boolean areThere = outputs.journal().isPresent()
                && outputs.files()
                        .values()
                        .stream()
                        .allMatch(output -> !output.isStandardOutput() && Files.isRegularFile(output.path()));
        if (!areThere) {
            return Optional.empty();
        }
        boolean hasJournal = Files.exists(outputs.journal().get());
        Optional<Instant> start = earlierStart();
        return StoredReport.read(outputs.report().path())
                .filter(report -> report.job().equals(job.name()))
                .filter(report -> report.finishReason().equals(FinishReason.EXHAUSTED.label()))
                .filter(report -> hasJournal ? start.filter(report::isOf).isPresent() : true)
                .map(report -> "nothing to resume: the crawl " + job.name() + " of " + report.startedAt()
                        + " is complete, and its files stay as they are; without --resume it is crawled again");
    }

    private static void makeFolder(Output output) throws IOException {
        switch (output) {
            case Output.File file -> {
                try {
                    Files.createDirectories(Objects.requireNonNull(file.path().toAbsolutePath().getParent()));
                } catch (IOException e) {
                    throw new NamedSink.CannotWriteException(file, e);
                }
            }
            case Output.Postgres _ -> {}
        }
    }

    private String whyNotResumable() {
        if (outputs.areResumable()) {
            return "cannot resume: output.journal is null, and therefore no journal is kept";
        }
        return outputs.results()
                .entrySet()
                .stream()
                .filter(output -> !Outputs.isResumable(output.getValue()))
                .map(output -> "cannot resume: output." + output.getKey() + ", " + switch (output.getValue()) {
                    case Output.File file ->
                            file.path() + ", is no plain file, and what was written to it cannot be cut";
                    case Output.Postgres table -> throw new IllegalStateException("can be resumed: " + table.place());
                })
                .findFirst()
                .orElseThrow();
    }

    /** The outputs must be the same; a folder may be moved as a whole. */
    private Map<String, String> identity(Path journal) {
        Path folder = Objects.requireNonNull(journal.toAbsolutePath().normalize().getParent());
        Map<String, String> also = new LinkedHashMap<>();
        also.put("output.pages", places(outputs.pages(), folder));
        also.put("output.items", places(outputs.items(), folder));
        outputs.links().ifPresent(links -> also.put("output.links", place(links, folder)));
        outputs.bodies().ifPresent(bodies -> {
            also.put("output.files", place(new Output.File(bodies.folder(), new JsonLines()), folder));
            if (bodies.areOfPages()) {
                also.put("output.bodies", "true");
            }
        });
        also.put("output.report", place(outputs.report(), folder));
        return also;
    }

    private static String places(List<Output> outputs, Path folder) {
        return outputs.stream().map(output -> place(output, folder)).collect(Collectors.joining("\n"));
    }

    private static String place(Output output, Path folder) {
        return switch (output) {
            case Output.File file -> place(file, folder);
            case Output.Postgres table -> "POSTGRESQL " + table.table() + " " + String.join(",", table.key()) + " "
                    + table.url();
        };
    }

    private static String place(Output.File output, Path folder) {
        return output.isStandardOutput() ? "-"
                : written(output.format()) + output.compression().ending() + " "
                        + folder.relativize(output.path().toAbsolutePath().normalize());
    }

    /** A format as journals name it. */
    private static String written(Output.Format format) {
        return switch (format) {
            case JsonLines() -> "JSON_LINES";
            case Csv(CsvStyle style) when style.equals(CsvStyle.STANDARD) -> "CSV";
            case Csv(CsvStyle style) -> "CSV " + style.separator() + (style.byteOrderMark() ? " bom" : "")
                    + (style.guard() ? " guard" : "");
            case Sqlite(String table) -> "SQLITE " + table;
        };
    }

    /**
     * Returns what opens each destination of results, in the order in which it is opened.
     *
     * @param isResumable as {@link #openPages}
     */
    List<CrawlExecution.Opening> openings(boolean isResumable) {
        Databases databases = new Databases(isResumable, new HashMap<>());
        List<CrawlExecution.Opening> openings = new ArrayList<>();
        for (int i = 0; i < outputs.pages().size(); i++) {
            Output output = outputs.pages().get(i);
            Optional<Path> spool = spool("pages", i, isResumable);
            openings.add(() -> openPages(output, databases, spool));
        }
        for (int i = 0; i < outputs.items().size(); i++) {
            Output output = outputs.items().get(i);
            Optional<Path> spool = spool("items", i, isResumable);
            openings.add(() -> openItems(output, databases, spool));
        }
        outputs.links().ifPresent(output -> openings.add(() -> openLinks(output, isResumable)));
        outputs.bodies().ifPresent(kept -> openings.add(() -> openBodies(kept, isResumable)));
        return openings;
    }

    /** Where rows of a destination lie that are on their way to a server: next to the journal. */
    private Optional<Path> spool(String key, int index, boolean isResumable) {
        String number = index == 0 ? "" : "-" + (index + 1);
        return outputs.journal()
                .filter(_ -> isResumable)
                .map(journal -> journal.resolveSibling(journal.getFileName() + "." + key + number + ".spool"));
    }

    private Sink openPostgres(Output.Postgres output, TableRows rows, Optional<Path> spool) throws IOException {
        stops.beginWait();
        try {
            return NamedSink.of(output, PostgresTable.open(output, rows, job.flushTimeout(), spool), stops);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw new NamedSink.CannotWriteException(output, e);
        } finally {
            stops.endWait();
        }
    }

    /** The databases of a crawl, each opened once for all of its tables. */
    private record Databases(boolean isResumable, Map<Path, SqliteFile> open) {

        private ResumableSink table(Path path, String name, TableRows rows) throws IOException {
            Path key = path.toAbsolutePath().normalize();
            if (!open.containsKey(key)) {
                open.put(key, SqliteFile.open(path, isResumable));
            }
            SqliteFile database = Objects.requireNonNull(open.get(key));
            try {
                return database.table(name, rows);
            } catch (IOException | RuntimeException | Error e) {
                try (database) {
                    throw e;
                }
            }
        }
    }

    private Sink openTable(Output.File output, String name, TableRows rows, Databases databases) throws IOException {
        try {
            return NamedSink.of(output, databases.table(output.path(), name, rows), stops);
        } catch (IOException e) {
            throw new NamedSink.CannotWriteException(output, e);
        }
    }

    /**
     * Opens the pages. That replaces what was there; or, for a crawl that keeps a journal, leaves it as it is until the
     * crawl begins and cuts it where the journal says.
     *
     * @throws NamedSink.CannotWriteException if they cannot be written; nothing stays open then
     * @throws InterruptedIOException if the user no longer wants to wait for the reader of a pipe; nothing stays open
     *     then
     */
    private Sink openPages(Output output, Databases databases, Optional<Path> spool) throws IOException {
        return switch (output) {
            case Output.File file -> switch (file.format()) {
                case JsonLines() -> openSink(file, databases.isResumable(), PagesFile::jsonLines);
                case Csv(CsvStyle style) ->
                        openSink(file, databases.isResumable(), rows -> PagesFile.csv(rows, style, isExternalAsked()));
                case Sqlite(String table) -> openTable(file, table, TableRows.pages(isExternalAsked()), databases);
            };
            case Output.Postgres table -> openPostgres(table, TableRows.pages(isExternalAsked()), spool);
        };
    }

    private boolean isExternalAsked() {
        return job.scope().checkExternal();
    }

    /** As {@link #openPages}. */
    private Sink openItems(Output output, Databases databases, Optional<Path> spool) throws IOException {
        return switch (output) {
            case Output.File file -> switch (file.format()) {
                case JsonLines() -> openSink(file, databases.isResumable(), ItemsFile::jsonLines);
                case Csv(CsvStyle style) ->
                        openSink(file, databases.isResumable(), rows -> ItemsFile.csv(rows, columns(), style));
                case Sqlite(String table) -> openTable(file, table, TableRows.items(job), databases);
            };
            case Output.Postgres table -> openPostgres(table, TableRows.items(job), spool);
        };
    }

    /** As {@link #openPages}. */
    private Sink openLinks(Output.File links, boolean isResumable) throws IOException {
        return openSink(links, isResumable, switch (links.format()) {
            case JsonLines() -> LinksFile::jsonLines;
            case Csv(CsvStyle style) -> file -> LinksFile.csv(file, style);
            case Sqlite(String table) -> throw new IllegalStateException("links are no table: " + table);
        });
    }

    /** As {@link #openPages}, and the folder that the lines are about. */
    private Sink openBodies(Outputs.Bodies kept, boolean isResumable) throws IOException {
        BodyStore store;
        try {
            store = BodyStore.open(kept.folder(), new KeptRuns.BodyLines(kept.lines().path()), Space.UNLIMITED);
        } catch (IOException e) {
            throw new NamedSink.CannotWriteException(new Output.File(kept.folder(), new JsonLines()), e);
        }
        bodies = Optional.of(store);
        try {
            return openSink(kept.lines(), isResumable, file -> FilesFile.jsonLines(file, store));
        } catch (IOException | RuntimeException | Error e) {
            try (store) {
                throw e;
            }
        }
    }

    /** Returns the open store of bodies; empty if the job keeps none. */
    Optional<BodyStore> bodies() {
        return bodies;
    }

    private List<String> columns() {
        return job.parsing()
                .extract()
                .stream()
                .flatMap(rule -> rule.fields().stream())
                .map(field -> field.name())
                .toList();
    }

    /** Makes a sink of an open file, to which it may write a header at once. */
    @FunctionalInterface
    interface SinkMaker {
        Sink on(OutputFile file) throws IOException;
    }

    /** Opens a file and its sink, or neither. */
    Sink openSink(Output.File output, boolean isResumable, SinkMaker maker) throws IOException {
        OutputFile file = open(output, isResumable, stops);
        try {
            return NamedSink.of(output, maker.on(file), stops);
        } catch (IOException e) {
            try (file) {
                throw new NamedSink.CannotWriteException(output, e);
            }
        } catch (RuntimeException | Error e) {
            try (file) {
                throw e;
            }
        }
    }

    /** @param waiter the first request to it ends the wait for a reader */
    private OutputFile open(Output.File output, boolean isResumable, StopRequests waiter) throws IOException {
        if (output.isStandardOutput()) {
            return standardOutput(output);
        }
        try {
            Compression compression = output.compression();
            return isResumable ? OutputFile.resume(output.path(), compression)
                    : OutputFile.create(output.path(), compression, () -> {
                        terminal.line("waiting for a reader of the pipe " + output.path());
                        waiter.beginWait();
                    });
        } catch (InterruptedIOException | JournalException e) {
            throw e;
        } catch (IOException e) {
            throw new NamedSink.CannotWriteException(output, e);
        } finally {
            waiter.endWait();
        }
    }

    private static OutputFile standardOutput(Output.File output) throws IOException {
        if (output.compression() == Compression.NONE) {
            return Tty.isOutputTerminal() ? OutputFile.standardOutput(CleanChannel::new) : OutputFile.standardOutput();
        }
        if (Tty.isOutputTerminal()) {
            throw new NamedSink.CannotWriteException(output,
                    new IOException("it is a terminal, which shows no compressed text"));
        }
        try {
            return OutputFile.standardOutput(output.compression());
        } catch (IOException e) {
            throw new NamedSink.CannotWriteException(output, e);
        }
    }

    /**
     * Checks, before a crawl, that the report can be written.
     *
     * @throws NamedSink.CannotWriteException if it cannot
     */
    void prepareReport() throws IOException {
        Output.File report = outputs.report();
        if (!report.isStandardOutput()) {
            try {
                ReportFile.prepare(report.path());
            } catch (IOException e) {
                throw new NamedSink.CannotWriteException(report, e);
            }
        }
    }

    /**
     * Writes the report: a file is replaced as a whole, and a pipe or a device is written as it is, after the wait for
     * its reader. A reader of standard output that has left gets none, which {@link #hasReaderLeft} says.
     *
     * @throws NamedSink.CannotWriteException if it cannot be written; a file that was there before is still there then
     */
    void writeReport(CrawlReport report) throws IOException {
        Output.File output = outputs.report();
        try {
            if (Outputs.isFile(output)) {
                ReportFile.write(report, output.path());
                return;
            }
            try (OutputFile out = open(output, false, reportStops)) {
                out.write(ReportFile.bytes(report));
            }
        } catch (NamedSink.CannotWriteException e) {
            throw e;
        } catch (IOException e) {
            if (output.isStandardOutput() && StandardOutput.isReaderGone(e)) {
                reportStops.readerLeft();
                return;
            }
            throw new NamedSink.CannotWriteException(output, e);
        }
    }

    /** Whether a report of an earlier run lies there. */
    boolean hasReport() {
        return !outputs.report().isStandardOutput() && Files.isRegularFile(outputs.report().path());
    }

    /** Whether the reader of standard output has left, before it had all results and the report. */
    boolean hasReaderLeft() {
        return stops.hasReaderLeft() || reportStops.hasReaderLeft();
    }
}
