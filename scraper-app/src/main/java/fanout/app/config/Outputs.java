package fanout.app.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a crawl writes. No two on one path.
 *
 * @param report its format says nothing: a report is one JSON object
 * @param journal empty if none is wanted
 * @param keep how many runs before this one stay; 0 if this one replaces what is there
 */
public record Outputs(Output pages, Output items, Output report, Optional<Path> journal, int keep) {

    /**
     * Whether results go to files that can be cut back, or that are not there yet; a pipe cannot, nor can standard
     * output.
     */
    public boolean areResumable() {
        return Stream.of(pages, items).allMatch(Outputs::isFile);
    }

    /** Whether an output is a file that can be cut back, or that is not there yet. */
    public static boolean isFile(Output output) {
        return !output.isStandardOutput() && (Files.isRegularFile(output.path()) || !Files.exists(output.path()));
    }
}
