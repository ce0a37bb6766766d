package fanout.app.run;

import fanout.sink.BodyStore;
import fanout.sink.FilesFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * The lines that name kept bodies: those of this run, and those of earlier runs in {@code previous/}, of whichever job.
 *
 * @param current the file of this run
 */
record BodyLines(Path current) implements BodyStore.Lines {

    @Override
    public Set<String> among(Set<String> names) throws IOException {
        Set<String> named = new HashSet<>(FilesFile.named(current, names));
        Path earlier = current.toAbsolutePath().resolveSibling(KeptRuns.FOLDER);
        if (Files.isDirectory(earlier)) {
            try (DirectoryStream<Path> runs = Files.newDirectoryStream(earlier)) {
                for (Path run : runs) {
                    named.addAll(FilesFile.named(run.resolve(current.getFileName()), names));
                }
            }
        }
        return named;
    }
}
