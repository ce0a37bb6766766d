package fanout.app.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a crawl writes. No two on one path.
 *
 * @param links empty if none are wanted
 * @param report its format says nothing: a report is one JSON object
 * @param journal empty if none is wanted
 * @param keep how many runs before this one stay; 0 if this one replaces what is there
 */
public record Outputs(
        Output pages,
        Output items,
        Optional<Output> links,
        Output report,
        Optional<Path> journal,
        int keep) {

    /** Those of a job that writes no links. */
    public Outputs(Output pages, Output items, Output report, Optional<Path> journal, int keep) {
        this(pages, items, Optional.empty(), report, journal, keep);
    }

    /** What gets rows while the crawl runs, in this order: pages, items, and links if they are written. */
    public Stream<Output> results() {
        return Stream.concat(Stream.of(pages, items), links.stream());
    }

    /**
     * Whether results go to files that can be cut back, or that are not there yet; a pipe cannot, nor can standard
     * output.
     */
    public boolean areResumable() {
        return results().allMatch(Outputs::isFile);
    }

    /** Whether an output is a file that can be cut back, or that is not there yet. */
    public static boolean isFile(Output output) {
        return !output.isStandardOutput() && (Files.isRegularFile(output.path()) || !Files.exists(output.path()));
    }
}
