package fanout.app.run;

import fanout.app.config.Output;
import fanout.app.config.Outputs;
import fanout.app.terminal.CleanChannel;
import fanout.app.terminal.Tty;
import fanout.file.ItemsFile;
import fanout.file.OutputFile;
import fanout.file.PagesFile;
import fanout.file.ReportFile;
import fanout.job.CrawlJob;
import fanout.report.CrawlReport;
import fanout.sink.Sink;
import fanout.sink.Tee;
import java.io.IOException;
import java.util.List;

/** The files of one crawl, open. Owns its sinks; every failure to write is a {@link CannotWriteException}. */
final class OutputSinks implements AutoCloseable {

    private final Sink sink;

    private OutputSinks(Sink sink) {
        this.sink = sink;
    }

    /**
     * Opens the files, which replaces what was there.
     *
     * @throws CannotWriteException if one of them, or the report, cannot be written; nothing stays open then
     */
    static OutputSinks open(CrawlJob job, Outputs outputs) throws IOException {
        prepare(outputs.report());
        Sink pages = pages(outputs.pages());
        try {
            return new OutputSinks(Tee.of(List.of(pages, items(outputs.items(), job))));
        } catch (IOException | RuntimeException e) {
            try (pages) {
                throw e;
            }
        }
    }

    private static void prepare(Output report) throws IOException {
        if (!report.isStandardOutput()) {
            try {
                ReportFile.prepare(report.path());
            } catch (IOException e) {
                throw new CannotWriteException(report, e);
            }
        }
    }

    private static Sink pages(Output output) throws IOException {
        return switch (output.format()) {
            case JSON_LINES -> open(output, PagesFile::jsonLines);
            case CSV -> open(output, PagesFile::csv);
        };
    }

    private static Sink items(Output output, CrawlJob job) throws IOException {
        return switch (output.format()) {
            case JSON_LINES -> open(output, ItemsFile::jsonLines);
            case CSV -> open(output, file -> ItemsFile.csv(file, columns(job)));
        };
    }

    private static List<String> columns(CrawlJob job) {
        return job.parsing()
                .extract()
                .stream()
                .flatMap(rule -> rule.fields().stream())
                .map(field -> field.name())
                .toList();
    }

    /** Writes rows to a file; a header may be written at once. */
    @FunctionalInterface
    private interface Rows {
        Sink on(OutputFile file) throws IOException;
    }

    private static Sink open(Output output, Rows rows) throws IOException {
        OutputFile file = open(output);
        try {
            return new NamedSink(output, rows.on(file));
        } catch (IOException e) {
            try (file) {
                throw new CannotWriteException(output, e);
            }
        }
    }

    private static OutputFile open(Output output) throws IOException {
        if (output.isStandardOutput()) {
            return Tty.isOutputTerminal() ? OutputFile.standardOutput(CleanChannel::new) : OutputFile.standardOutput();
        }
        try {
            return OutputFile.create(output.path());
        } catch (IOException e) {
            throw new CannotWriteException(output, e);
        }
    }

    Sink sink() {
        return sink;
    }

    /**
     * Writes the report to its place.
     *
     * @throws CannotWriteException if it cannot be written; a file that was there before is still there then
     */
    static void write(CrawlReport report, Output output) throws IOException {
        try {
            if (output.isStandardOutput()) {
                try (OutputFile out = open(output)) {
                    out.write(ReportFile.bytes(report));
                }
            } else {
                ReportFile.write(report, output.path());
            }
        } catch (IOException e) {
            throw new CannotWriteException(output, e);
        }
    }

    @Override
    public void close() throws IOException {
        sink.close();
    }
}
