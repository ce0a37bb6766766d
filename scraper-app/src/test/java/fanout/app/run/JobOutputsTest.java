package fanout.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.app.config.JobFile;
import fanout.app.config.Output;
import fanout.app.config.Outputs;
import fanout.app.signal.StopRequests;
import fanout.app.terminal.Terminal;
import fanout.job.CrawlJob;
import fanout.outcome.Outcome;
import fanout.outcome.SkipReason;
import fanout.outcome.Skipped;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.sink.OutputFile;
import fanout.sink.Sink;
import fanout.url.CanonicalUrl;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that stays open stays locked, and can be opened no second time. */
class JobOutputsTest {

    private static final CrawlJob JOB = CrawlJob.builder("test").startUrl("http://127.0.0.1:1/").build();

    @TempDir
    private Path folder;

    /** The outputs of a job that writes its items there. */
    private JobOutputs outputs(Output items) {
        Outputs all = new Outputs(output("pages.jsonl"), items, output("report.json"), Optional.empty(), 1);
        return new JobOutputs(new JobFile(JOB, all, List.of()), new StopRequests(),
                new Terminal(new PrintWriter(Writer.nullWriter())));
    }

    private static Sink open(JobOutputs outputs) throws IOException {
        return CrawlExecution.openAll(outputs.openings(false));
    }

    private Output.File output(String name) {
        return new Output.File(folder.resolve(name), Output.Format.JSON_LINES);
    }

    @Test
    void theFirstFileIsClosedWhenTheSecondCannotBeOpened() throws IOException {
        Output.File broken = new Output.File(folder, Output.Format.JSON_LINES);

        assertThatThrownBy(() -> open(outputs(broken)))
                .isInstanceOf(NamedSink.CannotWriteException.class)
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
        Output.File broken = new Output.File(closed, Output.Format.JSON_LINES);

        assertThatThrownBy(() -> open(outputs(broken)))
                .isInstanceOf(ClosedFileSystemException.class);

        OutputFile.create(folder.resolve("pages.jsonl")).close();
    }

    @Test
    void aFileIsClosedWhenItsSinkEndsInABug() throws IOException {
        IllegalStateException bug = new IllegalStateException("no columns");

        assertThatThrownBy(() -> outputs(output("items.jsonl")).openSink(output("pages.csv"), false, _ -> {
            throw bug;
        })).isSameAs(bug);

        OutputFile.create(folder.resolve("pages.csv")).close();
        assertThat(folder.resolve("pages.csv")).isEmptyFile();
    }

    /** A sink whose reader has left; it counts what reaches it. */
    private static final class Unread implements Sink {

        private int calls;

        private void fail() throws IOException {
            calls++;
            throw new IOException("Broken pipe");
        }

        @Override
        public void write(Outcome outcome) throws IOException {
            fail();
        }

        @Override
        public void flush() throws IOException {
            fail();
        }

        @Override
        public void close() throws IOException {
            fail();
        }
    }

    private static final Outcome OUTCOME =
            new Skipped(Request.start(CanonicalUrl.of("http://127.0.0.1:1/"), Optional.empty()),
                    Trail.NONE, SkipReason.BUDGET, Optional.empty());

    @Test
    void aReaderOfStandardOutputMayLeave() throws Exception {
        StopRequests stops = new StopRequests();
        Unread sink = new Unread();
        NamedSink named =
                NamedSink.of(new Output.File(Path.of("-"), Output.Format.JSON_LINES), sink, stops);

        named.write(OUTCOME);

        assertThat(stops.hasReaderLeft()).isTrue();
        assertThat(stops.wanted()).isEqualTo(StopRequests.Wanted.DRAIN);
        named.write(OUTCOME);
        named.flush();
        assertThat(sink.calls).as("what has no reader is not written").isOne();
        named.close();
        assertThat(sink.calls).as("closed all the same").isEqualTo(2);
    }

    /** What a job names is one of its results, which must be whole. */
    @Test
    void aReaderOfANamedPipeThatLeavesIsAFailure() {
        StopRequests stops = new StopRequests();
        NamedSink named = NamedSink.of(output("pipe"), new Unread(), stops);

        for (ThrowingCallable call : List.<ThrowingCallable>of(() -> named.write(OUTCOME), named::flush,
                named::close)) {
            assertThatThrownBy(call).isInstanceOf(NamedSink.CannotWriteException.class)
                    .hasMessage("cannot write " + folder.resolve("pipe") + ": broken pipe");
        }
        assertThat(stops.hasReaderLeft()).isFalse();
        assertThat(stops.wanted()).isEqualTo(StopRequests.Wanted.NOTHING);
    }
}
