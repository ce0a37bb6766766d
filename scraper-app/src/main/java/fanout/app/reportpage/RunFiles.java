package fanout.app.reportpage;

import fanout.app.terminal.FileProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a run has written into a folder, by the names that outputs have unless a job says otherwise. Immutable.
 *
 * @param pages the lines of its URLs
 * @param items its items; empty if there is no such file
 * @param links its links; empty if there is no such file
 * @param report where its report is, or would be
 * @param opening opens any of them
 */
public record RunFiles(
        Path folder,
        Path pages,
        Optional<Path> items,
        Optional<Path> links,
        Path report,
        Opening opening) {

    private static final List<String> ENDINGS =
            List.of(".jsonl", ".csv", ".jsonl.gz", ".csv.gz", ".jsonl.zst", ".csv.zst");
    private static final Pattern GENERATION = Pattern.compile("([0-9]{8}T[0-9]{6}Z)(-[1-9][0-9]{0,8})?");
    /** Of runs that began in one second, the later ones have a number, which is longer or larger. */
    private static final Comparator<Path> OLDEST_FIRST =
            Comparator.comparing((Path folder) -> nameOf(folder).split("-", 2)[0])
                    .thenComparingInt(folder -> nameOf(folder).length())
                    .thenComparing(RunFiles::nameOf);
    private static final int MOST_FOLDERS_NAMED = 5;

    /** Names of files in the folder that are not the usual ones; empty for those that are. */
    public record Names(
            Optional<String> pages,
            Optional<String> items,
            Optional<String> links,
            Optional<String> report) {}

    /**
     * Finds them.
     *
     * @throws UnreadableRunException if there are no pages, or a file that is named is missing
     */
    public static RunFiles in(Path folder, Names names) throws UnreadableRunException {
        if (Files.isRegularFile(folder)) {
            throw new UnreadableRunException(folder + " is a file; name the folder that a crawl wrote into, such as "
                    + "out/NAME");
        }
        if (!Files.isDirectory(folder)) {
            throw new UnreadableRunException("there is no folder " + folder + "; name the one that a crawl wrote into, "
                    + "such as out/NAME");
        }
        Optional<Path> pages = found(folder, "pages", names.pages());
        if (pages.isEmpty()) {
            throw new UnreadableRunException("there are no pages in " + folder + ": no pages" + String.join(", pages",
                    ENDINGS) + elsewhere(folder) + "; if the file has another name, give it by --pages");
        }
        return new RunFiles(folder, pages.get(), found(folder, "items", names.items()),
                found(folder, "links", names.links()), folder.resolve(names.report().orElse("report.json")),
                Files::newInputStream);
    }

    private static String nameOf(Path folder) {
        return String.valueOf(folder.getFileName());
    }

    private static Optional<Path> found(Path folder, String kind, Optional<String> name)
            throws UnreadableRunException {
        if (name.isPresent()) {
            Path file = folder.resolve(name.get());
            if (!Files.isRegularFile(file)) {
                throw new UnreadableRunException("there is no file " + file + "; --" + kind
                        + " takes the name of a file in the folder");
            }
            return Optional.of(file);
        }
        Optional<Path> newest = Optional.empty();
        for (String ending : ENDINGS) {
            Path file = folder.resolve(kind + ending);
            if (Files.isRegularFile(file) && (newest.isEmpty() || isNewer(file, newest.get()))) {
                newest = Optional.of(file);
            }
        }
        return newest;
    }

    /** Returns whether a file was changed after another; both may be of the same run. */
    private static boolean isNewer(Path file, Path other) throws UnreadableRunException {
        try {
            return Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(other)) > 0;
        } catch (IOException e) {
            throw new UnreadableRunException("cannot read " + file + ": " + FileProblem.reason(file, e));
        }
    }

    /** Names folders in the folder that have pages: a user may have named the one above. */
    private static String elsewhere(Path folder) throws UnreadableRunException {
        List<String> folders = new ArrayList<>();
        try (Stream<Path> children = Files.list(folder)) {
            for (Path child : children.filter(Files::isDirectory).sorted().toList()) {
                if (folders.size() < MOST_FOLDERS_NAMED && found(child, "pages", Optional.empty()).isPresent()) {
                    folders.add(child.toString());
                }
            }
        } catch (IOException e) {
            throw new UnreadableRunException("cannot read " + folder + ": " + FileProblem.reason(folder, e));
        }
        return folders.isEmpty() ? "" : "; there are pages in " + String.join(", ", folders);
    }

    /** Returns the files of the run before, which a new crawl has moved to {@code previous}; empty if there is none. */
    public Optional<RunFiles> before(Names names) throws UnreadableRunException {
        Path previous = folder.resolve("previous");
        if (!Files.isDirectory(previous)) {
            return Optional.empty();
        }
        try (Stream<Path> children = Files.list(previous)) {
            List<Path> newestFirst = children.filter(Files::isDirectory)
                    .filter(child -> GENERATION.matcher(nameOf(child)).matches())
                    .sorted(OLDEST_FIRST.reversed())
                    .toList();
            for (Path generation : newestFirst) {
                if (found(generation, "pages", named(names.pages(), generation)).isPresent()) {
                    return Optional.of(in(generation, new Names(named(names.pages(), generation),
                            named(names.items(), generation), named(names.links(), generation), names.report())));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UnreadableRunException("cannot read " + previous + ": " + FileProblem.reason(previous, e));
        }
    }

    /** Returns a name if the folder has a file of it. */
    private static Optional<String> named(Optional<String> name, Path folder) {
        return name.filter(each -> Files.isRegularFile(folder.resolve(each)));
    }

    ResultFile pagesFile() {
        return new ResultFile(pages, opening, "url");
    }

    Optional<ResultFile> itemsFile() {
        return items.map(path -> new ResultFile(path, opening, "_url"));
    }

    Optional<ResultFile> linksFile() {
        return links.map(path -> new ResultFile(path, opening, "from"));
    }

    /** Returns the name of the folder, for people. */
    public String name() {
        return Objects.requireNonNullElse(folder.toAbsolutePath().normalize().getFileName(), folder).toString();
    }
}
