package fanout.app.config;

import fanout.sink.Compression;
import fanout.sink.CsvStyle;
import java.nio.file.Path;
import java.util.Set;

/**
 * A file that a crawl writes, or standard output.
 *
 * @param path as given; {@code -} is standard output, and so are the names that systems have for it: opened by one of
 *     them, it would be emptied, and a terminal would get what the web has put into a page
 */
public record Output(Path path, Format format, Compression compression) {

    /** The system's name for standard output. */
    static final Path DEVICE = Path.of("/dev/stdout");

    private static final Set<Path> STANDARD_OUTPUT =
            Set.of(Path.of("-"), DEVICE, Path.of("/dev/fd/1"), Path.of("/proc/self/fd/1"));

    /** A file that is not compressed. */
    public Output(Path path, Format format) {
        this(path, format, Compression.NONE);
    }

    /** How rows are written. */
    public sealed interface Format {

        /** Every row a JSON object on a line of its own. */
        Format JSON_LINES = new JsonLines();

        /** A table as most programs read it. */
        Format CSV = new Csv(CsvStyle.STANDARD);

        /** As {@link #JSON_LINES}. */
        record JsonLines() implements Format {}

        /** A table. */
        record Csv(CsvStyle style) implements Format {}
    }

    public boolean isStandardOutput() {
        return STANDARD_OUTPUT.contains(path.normalize());
    }
}
