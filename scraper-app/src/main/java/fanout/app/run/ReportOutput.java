package fanout.app.run;

import fanout.app.config.Output;
import fanout.file.OutputFile;
import fanout.file.ReportFile;
import fanout.report.CrawlReport;
import java.io.IOException;

/** Where the report of a run is written: a file, which is replaced as a whole, or standard output. Stateless. */
record ReportOutput(Output output) {

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
     * Writes the report.
     *
     * @throws CannotWriteException if it cannot be written; a file that was there before is still there then
     */
    void write(CrawlReport report) throws IOException {
        try {
            if (output.isStandardOutput()) {
                try (OutputFile out = OutputOpening.open(output)) {
                    out.write(ReportFile.bytes(report));
                }
            } else {
                ReportFile.write(report, output.path());
            }
        } catch (IOException e) {
            throw new CannotWriteException(output, e);
        }
    }
}
