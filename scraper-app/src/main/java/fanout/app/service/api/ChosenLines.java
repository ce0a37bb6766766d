package fanout.app.service.api;

import fanout.app.store.LineScan;
import fanout.app.store.OwnFiles;
import fanout.sink.CsvView;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * All lines of a result file between two places that a filter takes, as they are or as CSV. Nothing is held in memory
 * but a line.
 *
 * @param end where the last whole line ends
 * @param csv how lines become CSV; empty: they stay as they are
 */
record ChosenLines(Path path, long offset, long end, LineFilter filter, Optional<CsvView> csv) {

    /** So many bytes are read in silence, before the request says that it makes progress. */
    private static final long SILENT_BYTES = 1 << 20;

    void writeTo(OutputStream out) throws IOException {
        if (csv.isPresent() && offset == 0) {
            out.write(csv.get().header());
        }
        if (end == offset) {
            return; // a crawl that waits for its turn has no file yet
        }
        try (FileChannel file = OwnFiles.read(path)) {
            LineScan scan = new LineScan(path, file, offset, end);
            long told = offset;
            for (byte[] line = scan.next(); line != null; line = scan.next()) {
                if (filter.takes(line)) {
                    out.write(csv.isPresent() ? csv.get().row(line) : line);
                }
                if (scan.position() - told > SILENT_BYTES) {
                    told = scan.position();
                    out.flush();
                }
            }
            if (scan.position() < end) {
                throw new IOException(
                        "the file is shorter than what was committed: " + scan.position() + " of " + end + " bytes");
            }
        }
    }
}
