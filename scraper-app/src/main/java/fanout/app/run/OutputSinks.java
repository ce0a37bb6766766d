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

/** The files of one crawl, open. Owns its sinks. */
final class OutputSinks implements AutoCloseable {

    private final Sink sink;

    private OutputSinks(Sink sink) {
        this.sink = sink;
    }

    /**
     * Opens the files, which replaces what was there.
     *
     * @throws IOException if one of them, or the report, cannot be written; nothing stays open then
     */
    static OutputSinks open(CrawlJob job, Outputs outputs) throws IOException {
        if (!outputs.report().isStandardOutput()) {
            ReportFile.prepare(outputs.report().path());
        }
        Sink pages = pages(outputs.pages());
        try {
            return new OutputSinks(Tee.of(List.of(pages, items(outputs.items(), job))));
        } catch (IOException | RuntimeException e) {
            try (pages) {
                throw e;
            }
        }
    }

    private static Sink pages(Output output) throws IOException {
        OutputFile file = open(output);
        return output.format() == Output.Format.CSV ? PagesFile.csv(file) : PagesFile.jsonLines(file);
    }

    private static Sink items(Output output, CrawlJob job) throws IOException {
        OutputFile file = open(output);
        if (output.format() == Output.Format.JSON_LINES) {
            return ItemsFile.jsonLines(file);
        }
        return ItemsFile.csv(file,
                job.extract().stream().flatMap(rule -> rule.fields().stream()).map(field -> field.name()).toList());
    }

    private static OutputFile open(Output output) throws IOException {
        if (!output.isStandardOutput()) {
            return OutputFile.create(output.path());
        }
        return Tty.isOutputTerminal() ? OutputFile.standardOutput(CleanChannel::new) : OutputFile.standardOutput();
    }

    Sink sink() {
        return sink;
    }

    /** Writes the report to its place. */
    static void write(CrawlReport report, Output output) throws IOException {
        if (output.isStandardOutput()) {
            try (OutputFile out = open(output)) {
                out.write(ReportFile.bytes(report));
            }
        } else {
            ReportFile.write(report, output.path());
        }
    }

    @Override
    public void close() throws IOException {
        sink.close();
    }
}
