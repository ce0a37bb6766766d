package fanout.app.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.Output;
import fanout.app.config.Outputs;
import fanout.app.sinks.SqliteResults;
import fanout.app.terminal.FileProblem;
import fanout.journal.Journal;
import fanout.sink.BodyStore;
import fanout.sink.FilesFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the outputs of earlier runs: before a new crawl begins, those of the run before it are moved to
 * {@code previous/20261201T030000Z/} next to where they lie, and the oldest that are kept so are deleted.
 *
 * <p>A move survives the end of its process at every moment. Which run is moved, and where to, is written into one file
 * first, {@code previous/.moving}; as long as that lies there, the next run ends the move before it does anything else.
 * A file is renamed, never copied. A file that no output of the job is called like is never touched.
 *
 * <p>Used by one thread, which has the crawl's journal if there is one, so that no other crawl writes the outputs.
 */
final class KeptRuns {

    private static final String FOLDER = "previous";
    private static final String PENDING = ".moving";
    /** What the lines of kept bodies are called in {@link Outputs#results}. */
    private static final String BODIES = "files";
    private static final DateTimeFormatter START =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private final Outputs outputs;
    private final Disk disk;
    private final Map<String, Path> files = new LinkedHashMap<>();

    /**
     * @param outputs of the job
     * @param disk the file operations, which a test ends
     */
    KeptRuns(Outputs outputs, Disk disk) throws IOException {
        this.outputs = outputs;
        this.disk = disk;
        for (Map.Entry<String, Output.File> output : outputs.files().entrySet()) {
            if (Outputs.isFile(output.getValue())) {
                files.put(output.getKey(), place(output.getValue().path()));
            }
        }
    }

    /** Returns where a file lies or will lie; a link to it is followed. */
    private static Path place(Path path) throws IOException {
        if (Files.exists(path)) {
            return path.toRealPath();
        }
        Path absolute = path.toAbsolutePath().normalize();
        Path folder = folder(absolute);
        return Files.isDirectory(folder) ? folder.toRealPath().resolve(absolute.getFileName()) : absolute;
    }

    /** What a move does to the disk. */
    interface Disk {
        /** The disk of this machine. */
        Disk REAL = new Disk() {};

        default void createFolders(Path folder) throws IOException {
            Files.createDirectories(folder);
        }

        /** Renames a file, over another if there is one. */
        default void rename(Path from, Path to) throws IOException {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }

        default void write(Path file, String text) throws IOException {
            Files.writeString(file, text);
        }

        default void delete(Path file) throws IOException {
            Files.deleteIfExists(file);
        }

        /** Has the names in a folder on the disk. */
        default void sync(Path folder) throws IOException {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** The run before cannot be kept, and therefore no crawl begins; nothing of it was overwritten. */
    static final class CannotKeepException extends IOException {

        private static final long serialVersionUID = 1;

        private CannotKeepException(Path file, Path folder, IOException cause) {
            super("cannot move " + shown(file) + ", of the run before, to " + shown(folder) + ": "
                    + FileProblem.reason(folder, cause)
                    + ". Make that possible, or let output.keep: 0 replace it", cause);
        }
    }

    private static Path shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here) ? here.relativize(path) : path;
    }

    /**
     * What was done for a new crawl.
     *
     * @param folders into which outputs of earlier runs were moved
     * @param notDeleted why runs that are too many are still there
     */
    record Made(List<Path> folders, Optional<IOException> notDeleted) {}

    /** Whether an earlier process has ended within a move. Its journal is of no use then. */
    boolean isMovePending() throws IOException {
        return pending().isPresent();
    }

    /**
     * Makes way for a new crawl: moves the outputs of the run before, if they have a page that is ok, unmodified or
     * fresh, and deletes those of the oldest runs.
     *
     * @param journal of the new crawl, which holds off others
     * @param journalStart when the crawl began whose journal lies there
     * @throws CannotKeepException if they cannot be moved
     * @throws NamedSink.CannotWriteException if they cannot be read, or another crawl is writing them
     */
    Made makeWay(Optional<Journal> journal, Optional<Instant> journalStart) throws IOException {
        Set<Path> moved = new LinkedHashSet<>(endPending(journal));
        if (files.isEmpty() || outputs.keep() == 0) {
            releaseBodies(files.get(BODIES));
            return new Made(List.copyOf(moved), Optional.empty());
        }
        EarlierRun before = EarlierRun.in(outputs, files, journalStart);
        if (before.isGood()) {
            moved.addAll(move(before, journal));
        }
        releaseBodies(files.get(BODIES)); // of a run that is replaced
        try {
            prune(moved);
            return new Made(List.copyOf(moved), Optional.empty());
        } catch (IOException e) {
            return new Made(List.copyOf(moved), Optional.of(e));
        }
    }

    /** Whether the run before would be moved, so nothing of it may be overwritten where it lies. */
    boolean holdsGoodRun() {
        try {
            return !files.isEmpty() && outputs.keep() > 0
                    && EarlierRun.in(outputs, files, Optional.empty()).isGood();
        } catch (IOException e) {
            return true; // what cannot be read may be good
        }
    }

    /** Returns where the reports of earlier runs may lie, that of the last one first. */
    List<Path> reports() throws IOException {
        Path last = files.get("report");
        if (last == null) {
            return List.of();
        }
        List<Path> reports = new ArrayList<>(List.of(last));
        names().forEach(name -> reports.add(target(last, name)));
        return reports;
    }

    private List<Path> move(EarlierRun run, Optional<Journal> journal) throws IOException {
        Map<String, Path> moving = new LinkedHashMap<>(files);
        moving.keySet().retainAll(run.keys());
        moving.values().removeIf(file -> !Files.isRegularFile(file));
        for (Map.Entry<String, Path> file : moving.entrySet()) {
            Output.File output = Objects.requireNonNull(outputs.files().get(file.getKey()));
            if (output.format() instanceof Output.Format.Sqlite) {
                settle(output, file.getValue());
            }
        }
        String name = freeName(run.startedAt());
        Path first = moving.values().iterator().next();
        try (Locks _ = locks(moving)) {
            for (Path file : moving.values()) {
                inFolder(file, name, () -> disk.createFolders(folder(target(file, name))));
            }
            inFolder(first, name, () -> begin(name, moving.keySet()));
            rename(moving, name, journal);
        }
        return folders(moving, name);
    }

    /** What SQLite has put next to a database would stay behind. */
    private static void settle(Output.File output, Path file) throws IOException {
        try {
            SqliteResults.settle(file);
        } catch (IOException e) {
            throw new NamedSink.CannotWriteException(output, e);
        }
    }

    /** The report is written at once, and needs no lock. Two outputs may be tables of one file. */
    private Locks locks(Map<String, Path> moving) throws IOException {
        Locks locks = new Locks(new ArrayList<>());
        Set<Path> locked = new HashSet<>();
        for (Map.Entry<String, Path> file : moving.entrySet()) {
            try {
                if (!file.getKey().equals("report") && locked.add(file.getValue())) {
                    locks.add(file.getValue());
                }
            } catch (IOException e) {
                try (locks) {
                    throw new NamedSink.CannotWriteException(
                            Objects.requireNonNull(outputs.files().get(file.getKey())), e);
                }
            }
        }
        return locks;
    }

    /** Renames the files, and forgets that it had to. */
    private void rename(Map<String, Path> moving, String name, Optional<Journal> journal) throws IOException {
        Set<Path> folders = new LinkedHashSet<>();
        for (Path file : moving.values()) {
            Path target = target(file, name);
            if (Files.exists(file) && !Files.exists(target)) {
                inFolder(file, name, () -> {
                    disk.createFolders(folder(target));
                    disk.rename(file, target);
                });
            }
            folders.add(folder(target));
            folders.add(folder(file));
        }
        for (Path folder : folders) {
            if (Files.isDirectory(folder)) {
                disk.sync(folder);
            }
        }
        if (journal.isPresent()) {
            journal.get().discardEarlier(); // it would not find its outputs
        }
        disk.delete(pendingFile());
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void inFolder(Path file, String name, Step step) throws IOException {
        try {
            step.run();
        } catch (IOException e) {
            throw new CannotKeepException(file, folder(target(file, name)), e);
        }
    }

    private static Path folder(Path file) {
        return Objects.requireNonNull(file.getParent(), "a file is in a folder");
    }

    private static Path target(Path file, String name) {
        return file.resolveSibling(FOLDER).resolve(name).resolve(file.getFileName());
    }

    /** Two runs may have begun within one second: the one that is moved last has the highest number. */
    private String freeName(Instant startedAt) throws IOException {
        String start = START.format(startedAt);
        int last = names().stream()
                .filter(name -> name.startsWith(start))
                .mapToInt(Generation::number)
                .max()
                .orElse(0);
        return last == 0 ? start : start + "-" + (last + 1);
    }

    /** A move that has begun. */
    private record Pending(String name, List<String> keys) {

        private static final Pattern WRITTEN =
                Pattern.compile("(\\d{8}T\\d{6}Z(?:-\\d+)?)((?: [a-z]+(?:\\[\\d+\\])?)+)\n");

        static Optional<Pending> parse(String text) {
            Matcher written = WRITTEN.matcher(text);
            return written.matches()
                    ? Optional.of(new Pending(written.group(1), List.of(written.group(2).strip().split(" ", -1))))
                    : Optional.empty();
        }

        String text() {
            return name + " " + String.join(" ", keys) + "\n";
        }
    }

    private Path pendingFile() {
        return files.values().iterator().next().resolveSibling(FOLDER).resolve(PENDING);
    }

    private void begin(String name, Set<String> keys) throws IOException {
        Path file = pendingFile();
        Path folder = folder(file);
        disk.createFolders(folder);
        Path part = file.resolveSibling(PENDING + ".part");
        disk.write(part, new Pending(name, List.copyOf(keys)).text());
        disk.rename(part, file);
        disk.sync(folder);
    }

    private Optional<Pending> pending() throws IOException {
        if (files.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Pending.parse(Files.readString(pendingFile(), UTF_8));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (FileSystemException e) {
            return Optional.empty(); // the folder is a file: moving into it will fail with the reason
        }
    }

    private List<Path> endPending(Optional<Journal> journal) throws IOException {
        Optional<Pending> pending = pending();
        if (pending.isEmpty()) {
            return List.of();
        }
        Map<String, Path> moving = new LinkedHashMap<>(files);
        moving.keySet().retainAll(pending.get().keys());
        String name = pending.get().name();
        rename(moving, name, journal);
        return folders(moving, name);
    }

    private static List<Path> folders(Map<String, Path> moved, String name) {
        return moved.values().stream().map(file -> folder(target(file, name))).distinct().toList();
    }

    /**
     * Deletes the outputs of the oldest runs. A folder stays if it has a file that is not ours.
     *
     * @param moved of the runs that were moved now, which are the newest whatever the clock said
     */
    private void prune(Set<Path> moved) throws IOException {
        Set<String> now = moved.stream().map(run -> run.getFileName().toString()).collect(Collectors.toSet());
        List<String> names = new ArrayList<>(names());
        names.sort(Comparator.comparingInt(name -> now.contains(name) ? 0 : 1)); // stable
        List<String> kept = names.subList(0, Math.min(outputs.keep(), names.size()));
        for (String name : names.subList(kept.size(), names.size())) {
            for (Map.Entry<String, Path> file : files.entrySet()) {
                Path old = target(file.getValue(), name);
                if (file.getKey().equals(BODIES)) {
                    releaseBodies(old);
                }
                if (!file.getKey().equals("report") || hasReport(file.getValue(), kept)) {
                    disk.delete(old);
                }
                deleteIfEmpty(folder(old));
            }
        }
    }

    /** Says that the lines of a file will be deleted. Bodies that no others name go when the crawl has ended. */
    private void releaseBodies(@Nullable Path lines) throws IOException {
        if (lines != null && outputs.bodies().isPresent()) {
            BodyStore.release(outputs.bodies().get().folder(), FilesFile.hashes(lines));
        }
    }

    /** Whether a newer run has one: the last has the figures that the next run compares its own with. */
    private static boolean hasReport(Path report, List<String> newer) throws IOException {
        boolean isThere = StoredReport.read(report).isPresent();
        for (String name : newer) {
            isThere = isThere || StoredReport.read(target(report, name)).isPresent();
        }
        return isThere;
    }

    private void deleteIfEmpty(Path folder) throws IOException {
        try {
            disk.delete(folder);
        } catch (DirectoryNotEmptyException e) {
            return; // another output's file is in it, or a person's
        }
    }

    /** Returns the folders that have an output of this job, the newest first. */
    private Set<String> names() throws IOException {
        Set<String> names = new TreeSet<>(Comparator.comparing((String name) -> name.substring(0, Generation.START))
                .thenComparingInt(Generation::number)
                .reversed());
        for (Path file : files.values()) {
            Path folder = file.resolveSibling(FOLDER);
            if (Files.isDirectory(folder)) {
                try (DirectoryStream<Path> runs = Files.newDirectoryStream(folder)) {
                    for (Path run : runs) {
                        String name = run.getFileName().toString();
                        if (Generation.NAME.matcher(name).matches() && Files.exists(target(file, name))) {
                            names.add(name);
                        }
                    }
                }
            }
        }
        return names;
    }

    /** What the folder of a run is called. */
    private static final class Generation {

        private static final Pattern NAME = Pattern.compile("\\d{8}T\\d{6}Z(-[1-9]\\d{0,8})?");
        private static final int START = "20261201T030000Z".length();

        private Generation() {}

        private static int number(String name) {
            return name.length() == START ? 1 : Integer.parseInt(name.substring(START + 1));
        }
    }

    /** No other crawl writes the files meanwhile. */
    private record Locks(List<FileChannel> channels) implements Closeable {

        private void add(Path file) throws IOException {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
            channels.add(channel);
            try {
                if (channel.tryLock() == null) {
                    throw taken(file);
                }
            } catch (OverlappingFileLockException e) {
                throw taken(file);
            }
        }

        private static FileSystemException taken(Path file) {
            return new FileSystemException(file.toString(), null, "another crawl is writing it");
        }

        @Override
        public void close() throws IOException {
            for (FileChannel channel : channels) {
                channel.close();
            }
        }
    }

    /**
     * The lines that name kept bodies: those of this run, and those of earlier runs in {@code previous/}, of whichever
     * job.
     *
     * @param current the file of this run
     */
    record BodyLines(Path current) implements BodyStore.Lines {

        @Override
        public Set<String> among(Set<String> names) throws IOException {
            Set<String> named = new HashSet<>(FilesFile.named(current, names));
            Path earlier = current.toAbsolutePath().resolveSibling(FOLDER);
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
}
