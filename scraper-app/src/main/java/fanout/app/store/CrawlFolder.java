package fanout.app.store;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The files of one crawl. All have fixed names, so nothing that a user names leads out of the folder. Immutable. */
public record CrawlFolder(Path path) {

    /** The job as it was submitted. */
    public Path job() {
        return path.resolve("job");
    }

    public Path pages() {
        return path.resolve("pages.jsonl");
    }

    public Path items() {
        return path.resolve("items.jsonl");
    }

    public Path report() {
        return path.resolve("report.json");
    }

    /** What the crawl goes on from. */
    public Path journal() {
        return path.resolve("crawl.journal");
    }

    /** The limits that the last resumption gave it, as JSON. */
    public Path limits() {
        return path.resolve("limits.json");
    }

    /** How its figures changed with time. */
    public Path series() {
        return path.resolve("series.json");
    }

    /** Bytes of all its files; 0 if it is gone. */
    public long bytes() throws IOException {
        AtomicLong bytes = new AtomicLong();
        walk(new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                bytes.addAndGet(attributes.size());
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE; // a temporary file that was renamed meanwhile
                }
                throw e;
            }
        });
        return bytes.get();
    }

    /** Deletes the folder and all that is in it. */
    public void delete() throws IOException {
        walk(new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private void walk(SimpleFileVisitor<Path> visitor) throws IOException {
        if (Files.exists(path)) {
            Files.walkFileTree(path, visitor);
        }
    }
}
