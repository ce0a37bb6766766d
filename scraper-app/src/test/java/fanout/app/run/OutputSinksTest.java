package fanout.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.app.config.Output;
import fanout.app.config.Outputs;
import fanout.app.signal.StopRequests;
import fanout.app.terminal.Terminal;
import fanout.file.OutputFile;
import fanout.job.CrawlJob;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that stays open stays locked, and can be opened no second time. */
class OutputSinksTest {

    private static final CrawlJob JOB = CrawlJob.builder("test").startUrl("http://127.0.0.1:1/").build();

    private static final OutputOpening OPENING =
            new OutputOpening(new Terminal(new PrintWriter(Writer.nullWriter())), new StopRequests());

    @TempDir
    private Path folder;

    private Output output(String name) {
        return new Output(folder.resolve(name), Output.Format.JSON_LINES);
    }

    @Test
    void theFirstFileIsClosedWhenTheSecondCannotBeOpened() throws IOException {
        Output broken = new Output(folder, Output.Format.JSON_LINES);

        assertThatThrownBy(
                () -> OutputSinks.open(JOB,
                        new Outputs(output("pages.jsonl"), broken, output("report.json"), Optional.empty()), OPENING))
                .isInstanceOf(CannotWriteException.class)
                .hasMessage("cannot write " + folder + ": it is a directory");

        OutputFile.create(folder.resolve("pages.jsonl")).close();
    }

    @Test
    void theFirstFileIsClosedWhenTheSecondEndsInABug() throws IOException {
        Path closed;
        try (FileSystem archive =
                FileSystems.newFileSystem(folder.resolve("a.zip"), Map.of("create", "true"))) {
            closed = archive.getPath("items.jsonl");
        }
        Output broken = new Output(closed, Output.Format.JSON_LINES);

        assertThatThrownBy(
                () -> OutputSinks.open(JOB,
                        new Outputs(output("pages.jsonl"), broken, output("report.json"), Optional.empty()), OPENING))
                .isInstanceOf(ClosedFileSystemException.class);

        OutputFile.create(folder.resolve("pages.jsonl")).close();
    }

    @Test
    void aFileIsClosedWhenItsSinkEndsInABug() throws IOException {
        IllegalStateException bug = new IllegalStateException("no columns");

        assertThatThrownBy(() -> OutputSinks.sinkOn(output("pages.csv"), OPENING, _ -> {
            throw bug;
        })).isSameAs(bug);

        OutputFile.create(folder.resolve("pages.csv")).close();
        assertThat(folder.resolve("pages.csv")).isEmptyFile();
    }
}
