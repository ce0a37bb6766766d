package fanout.app.service.api;

import fanout.app.store.LineScan;
import fanout.app.store.OwnFiles;
import fanout.sink.CsvView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A bounded number of the lines that a filter takes. It ends early when it is large, or when so much of the file was
 * read for it that the reader should hear something; where it ended says how to continue. Confined to one thread, and
 * made once.
 */
final class LinePage {

    private static final int ENOUGH_BYTES = 8 << 20;
    private static final long ENOUGH_READ = 64L << 20;

    private final LineFilter filter;
    private final int most;
    private final Optional<CsvView> csv;
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();

    /** @param csv how lines become CSV; empty: they stay as they are */
    LinePage(LineFilter filter, int most, Optional<CsvView> csv) {
        this.filter = filter;
        this.most = most;
        this.csv = csv;
    }

    /**
     * Reads lines between two places, and returns where the next page begins. A page ends before a line that is
     * damaged, so the reader gets those above it.
     *
     * @param path of the file, for messages
     * @throws OwnFiles.UnusableException if the first line is damaged
     */
    long read(Path path, FileChannel file, long offset, long end) throws IOException {
        LineScan scan = new LineScan(path, file, offset, end);
        int taken = 0;
        while (taken < most && lines.size() < ENOUGH_BYTES && scan.position() - offset < ENOUGH_READ) {
            byte[] line;
            try {
                line = scan.next();
            } catch (OwnFiles.UnusableException e) {
                if (scan.position() == offset) {
                    throw e;
                }
                break; // the next page begins with it
            }
            if (line == null) {
                if (scan.position() == offset && offset < end) {
                    throw OwnFiles.damaged(path, "ends in the middle of a line, at byte " + end);
                }
                break;
            }
            if (filter.takes(line)) {
                lines.writeBytes(csv.isPresent() ? csv.get().row(line) : line);
                taken++;
            }
        }
        return scan.position();
    }

    boolean isCsv() {
        return csv.isPresent();
    }

    /** The lines; of CSV with the header, if that is wanted. */
    byte[] bytes(boolean header) {
        if (!header || csv.isEmpty()) {
            return lines.toByteArray();
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(csv.get().header());
        whole.writeBytes(lines.toByteArray());
        return whole.toByteArray();
    }
}
