package fanout.app.run;

import fanout.app.config.Output;
import fanout.app.terminal.StandardOutput;
import fanout.file.OutputFile;
import fanout.file.ReportFile;
import fanout.report.CrawlReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the report of a run is written: a file, which is replaced as a whole, or standard output, a pipe or a device. */
record ReportOutput(Output output, OutputOpening opening) {

    /**
     * Checks, before a crawl, that the report can be written.
     *
     * @throws CannotWriteException if it cannot
     */
    void prepare() throws IOException {
        if (!output.isStandardOutput()) {
            try {
                ReportFile.prepare(output.path());
            } catch (IOException e) {
                throw new CannotWriteException(output, e);
            }
        }
    }

    /**
     * Writes the report. A reader of standard output that has left gets none, which {@link #hasReaderLeft} says.
     *
     * @throws CannotWriteException if it cannot be written; a file that was there before is still there then
     */
    void write(CrawlReport report) throws IOException {
        try {
            if (isReplaced()) {
                ReportFile.write(report, output.path());
                return;
            }
            try (OutputFile out = opening.open(output)) {
                out.write(ReportFile.bytes(report));
            }
        } catch (CannotWriteException e) {
            throw e;
        } catch (IOException e) {
            if (output.isStandardOutput() && StandardOutput.isReaderGone(e)) {
                opening.stops().readerLeft();
                return;
            }
            throw new CannotWriteException(output, e);
        }
    }

    boolean hasReaderLeft() {
        return opening.stops().hasReaderLeft();
    }

    /** Whether a report of an earlier run lies there. */
    boolean exists() {
        return !output.isStandardOutput() && Files.isRegularFile(output.path());
    }

    /** A pipe or a device is written as it is, and a pipe is waited for as that of results is. */
    private boolean isReplaced() {
        Path path = output.path();
        return !output.isStandardOutput() && (Files.isRegularFile(path) || !Files.exists(path));
    }
}
