package fanout.app.config;

import java.nio.file.Path;

/**
 * A file that a crawl writes, or standard output.
 *
 * @param path as given; {@code -} is standard output
 */
public record Output(Path path, Format format) {

    static final Path STANDARD_OUTPUT = Path.of("-");

    /** How rows are written. */
    public enum Format {
        JSON_LINES, CSV
    }

    public boolean isStandardOutput() {
        return path.equals(STANDARD_OUTPUT);
    }
}
