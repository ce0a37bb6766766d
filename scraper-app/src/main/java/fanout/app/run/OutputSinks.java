package fanout.app.run;

import fanout.app.config.Output;
import fanout.app.config.Outputs;
import fanout.file.ItemsFile;
import fanout.file.OutputFile;
import fanout.file.PagesFile;
import fanout.job.CrawlJob;
import fanout.sink.Sink;
import fanout.sink.Tee;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** The results of one crawl, open. Owns its sinks; every failure to write is a {@link CannotWriteException}. */
final class OutputSinks implements Closeable {

    private final Sink sink;
    private final FirstProblems problems;

    private OutputSinks(Sink sink, FirstProblems problems) {
        this.sink = sink;
        this.problems = problems;
    }

    /**
     * Opens pages and items. That replaces what was there; or, for a crawl that keeps a journal, leaves it as it is until the crawl
     * begins and cuts it where the journal says.
     *
     * @throws CannotWriteException if one of them cannot be written; nothing stays open then
     * @throws java.io.InterruptedIOException as {@link OutputOpening#open}; nothing stays open then
     */
    static OutputSinks open(CrawlJob job, Outputs outputs, OutputOpening opening) throws IOException {
        Sink pages = pages(outputs.pages(), opening);
        try {
            FirstProblems problems = new FirstProblems();
            return new OutputSinks(Tee.of(List.of(pages, items(outputs.items(), job, opening), problems)), problems);
        } catch (IOException | RuntimeException | Error e) {
            try (pages) {
                throw e;
            }
        }
    }

    private static Sink pages(Output output, OutputOpening opening) throws IOException {
        return switch (output.format()) {
            case JSON_LINES -> sinkOn(output, opening, PagesFile::jsonLines);
            case CSV -> sinkOn(output, opening, PagesFile::csv);
        };
    }

    private static Sink items(Output output, CrawlJob job, OutputOpening opening) throws IOException {
        return switch (output.format()) {
            case JSON_LINES -> sinkOn(output, opening, ItemsFile::jsonLines);
            case CSV -> sinkOn(output, opening, file -> ItemsFile.csv(file, columns(job)));
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

    /** Makes a sink of an open file, to which it may write a header at once. */
    @FunctionalInterface
    interface SinkMaker {
        Sink on(OutputFile file) throws IOException;
    }

    /** Opens a file and its sink, or neither. */
    static Sink sinkOn(Output output, OutputOpening opening, SinkMaker maker) throws IOException {
        OutputFile file = opening.open(output);
        try {
            return new NamedSink(output, maker.on(file), opening.stops());
        } catch (IOException e) {
            try (file) {
                throw new CannotWriteException(output, e);
            }
        } catch (RuntimeException | Error e) {
            try (file) {
                throw e;
            }
        }
    }

    Sink sink() {
        return sink;
    }

    /** What went wrong first; for after the crawl. */
    FirstProblems problems() {
        return problems;
    }

    @Override
    public void close() throws IOException {
        sink.close();
    }
}
