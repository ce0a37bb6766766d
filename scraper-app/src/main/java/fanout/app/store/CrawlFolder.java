package fanout.app.store;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of one crawl. All have fixed names, so nothing that a user names leads out of the folder. Immutable. */
public record CrawlFolder(Path path) {

    /** No file of a crawl that is read as a whole is longer: its job, its limits, its report, its figures. */
    public static final int MOST_BYTES = 16 << 20;
    /** A job is submitted in as many at most, and so are limits. */
    public static final int MOST_JOB_BYTES = 1 << 20;

    /** The place of the links among the positions that a journal has of a crawl's sinks. */
    public static final int LINKS_PART = 3;
    /** The place of the lines of kept bodies among them. */
    public static final int FILES_PART = 4;

    private static final Pattern ID = Pattern.compile("[0-9a-z]{17}");
    private static final List<String> NAMES =
            List.of("job", "pages.jsonl", "items.jsonl", "links.jsonl", "files.jsonl", "report.json", "crawl.journal",
                    "limits.json", "series.json");
    /** What a store of bodies makes in its folder. */
    private static final Pattern BODY = Pattern.compile("[0-9a-f]{64}|\\.pending|\\.\\d{1,19}\\.part");
    /** Of a file that is being written, and takes another's place then. */
    private static final List<String> TEMPORARY = List.of("%s.tmp", "%s.tmp.tmp", "%s.next", ".%s.part");

    /** Whether a text could be the id of a crawl, and so the name of its folder. */
    public static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

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

    /** The links of pages, if the job asks for them. */
    public Path links() {
        return path.resolve("links.jsonl");
    }

    /** The folder of the bodies that the job keeps, if it keeps some. */
    public Path bodies() {
        return path.resolve("files");
    }

    /** The lines of those bodies. */
    public Path bodyLines() {
        return path.resolve("files.jsonl");
    }

    public Path report() {
        return path.resolve("report.json");
    }

    /** What the crawl resumes from. */
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

    /**
     * Returns why the folder cannot be used: it is a link itself, or something lies in the place of a file of the crawl
     * that is none, such as a link, which may lead to any file of the machine, or a pipe. Empty if each file is one, or
     * is missing.
     */
    public Optional<String> odd() {
        return oddPlace()
                .or(() -> odds().entrySet()
                        .stream()
                        .findFirst()
                        .map(odd -> odd.getKey() + " " + odd.getValue() + OwnFiles.ONLY_FILES));
    }

    /** Returns why the folder cannot be used, because it is none; empty if it is one, or is missing. */
    public Optional<String> oddPlace() {
        return oddFolder().map(odd -> "its folder " + odd + OwnFiles.ONLY_FOLDERS);
    }

    /** Returns what lies in its place and is no folder, in words; empty if a folder or nothing does. */
    Optional<String> oddFolder() {
        return OwnFiles.oddFolder(path);
    }

    /** Returns what lies in the place of the crawl's files and is not a file, in words, by their names. */
    SortedMap<String, String> odds() {
        SortedMap<String, String> odds = new TreeMap<>();
        OwnFiles.oddFolder(bodies()).ifPresent(odd -> odds.put("files", odd));
        ownNames().forEach(name -> OwnFiles.odd(path.resolve(name)).ifPresent(odd -> odds.put(name, odd)));
        return odds;
    }

    /** Bytes of all its files; 0 if it is gone, or is no folder. */
    public long bytes() throws IOException {
        AtomicLong bytes = new AtomicLong();
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
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
        }
        return bytes.get();
    }

    /**
     * Deletes the crawl's files, and then the folder. What else lies there was not made by the service, and stays,
     * and so does what lies in the folder's place and is none.
     *
     * @return whether the folder is gone
     */
    boolean delete() throws IOException {
        if (oddFolder().isPresent()) {
            return false;
        }
        for (String name : ownNames().toList()) {
            Path file = path.resolve(name);
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.deleteIfExists(file);
            }
        }
        deleteBodies();
        try {
            Files.deleteIfExists(path);
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false;
        }
    }

    private void deleteBodies() throws IOException {
        if (!Files.isDirectory(bodies(), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(bodies())) {
            for (Path file : files) {
                if (BODY.matcher(file.getFileName().toString()).matches()
                        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.deleteIfExists(file);
                }
            }
        }
        try {
            Files.deleteIfExists(bodies());
        } catch (DirectoryNotEmptyException e) {
            return; // and the crawl's folder stays, too
        }
    }

    private static Stream<String> ownNames() {
        return Stream.concat(NAMES.stream(), NAMES.stream().flatMap(CrawlFolder::temporary));
    }

    private static Stream<String> temporary(String name) {
        return TEMPORARY.stream().map(form -> form.formatted(name));
    }
}
