package fanout.sink;

import static java.nio.charset.StandardCharsets.US_ASCII;

import fanout.internal.annotation.Internal;
import fanout.journal.Space;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * A folder in which a crawl keeps bodies, each under the SHA-256 of its content, once. A body is written to a temporary
 * name in the same folder as it arrives, and renamed when it is whole, so a file that has the name of a hash has that
 * content. Nothing that the web says becomes a part of a name.
 *
 * <p>A file is there before the line that names it. Files whose line may never come, because the crawl was killed in
 * between, are remembered in {@code .pending}, which lies there while the store is open; when it is closed, those that
 * no line names are deleted. So are temporary files, when it is opened. Files that the store has not made are never
 * touched.
 *
 * <p>Thread-safe: any number of bodies may arrive at once. Opened for one crawl; the {@link FilesFile} that names
 * the files closes it.
 */
public final class BodyStore implements AutoCloseable {

    private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern PART = Pattern.compile("\\.\\d{1,19}\\.part");

    private final Path folder;
    private final Space space;
    private final Lines lines;
    private final Pending pending;
    private final AtomicLong parts = new AtomicLong();
    /** Those that have no line yet that is sure to stay. */
    private final Set<String> unsettled = ConcurrentHashMap.newKeySet();
    /** Whether there may be lines that a resumed crawl would cut off. */
    private volatile boolean linesMayGo;

    /** Knows which files are named by lines that lie on the disk, of this run of a crawl or of others that are kept. */
    @FunctionalInterface
    public interface Lines {

        /** Returns which of these names stand in a line. Asked when the store is closed. */
        Set<String> among(Set<String> names) throws IOException;
    }

    private BodyStore(Path folder, Space space, Lines lines, Pending pending) {
        this.folder = folder;
        this.space = space;
        this.lines = lines;
        this.pending = pending;
        unsettled.addAll(pending.earlier);
    }

    /**
     * Opens a folder, which is made if it does not exist.
     *
     * @param lines those of a {@link FilesFile}, as in {@code names -> FilesFile.named(path, names)}
     * @throws IOException if the folder cannot be written, or another crawl has it open
     */
    public static BodyStore open(Path folder, Lines lines) throws IOException {
        return open(folder, lines, Space.UNLIMITED);
    }

    /**
     * As {@link #open(Path, Lines)}, for bodies that share their space with other files.
     *
     * @param space from which bodies take what they write; what lies there was taken before
     */
    public static BodyStore open(Path folder, Lines lines, Space space) throws IOException {
        Files.createDirectories(folder);
        Pending pending = Pending.open(folder);
        try {
            deleteParts(folder);
            return new BodyStore(folder, space, lines, pending);
        } catch (IOException | RuntimeException | Error e) {
            try (pending) {
                throw e;
            }
        }
    }

    /**
     * Says that lines which name these files are about to be deleted. When the store is next closed, those that no
     * other line names are deleted.
     *
     * @throws IOException if that cannot be written, or a crawl has the folder open
     */
    public static void release(Path folder, Collection<String> names) throws IOException {
        if (!names.isEmpty() && Files.isDirectory(folder)) {
            try (Pending pending = Pending.open(folder)) {
                pending.add(names);
                pending.sync();
            }
        }
    }

    private static void deleteParts(Path folder) throws IOException {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder,
                file -> PART.matcher(file.getFileName().toString()).matches())) {
            for (Path part : parts) {
                Files.delete(part);
            }
        }
    }

    /** Returns the name of the folder, as lines have it before the name of a file. */
    String folderName() {
        return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    }

    /** There may be lines that a resumed crawl cuts off. */
    void linesMayGo() {
        linesMayGo = true;
    }

    /** All lines stay, those among them that name these files. */
    void linesStay(Collection<String> names) {
        names.forEach(unsettled::remove);
        linesMayGo = false;
    }

    /** Has the names of files on the disk. */
    void sync() throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Deletes what no line names. */
    @Override
    public void close() throws IOException {
        try (pending) {
            Set<String> doubtful = Set.copyOf(unsettled);
            Set<String> named = doubtful.isEmpty() ? Set.of() : lines.among(doubtful);
            for (String name : doubtful) {
                if (!named.contains(name)) {
                    Files.deleteIfExists(folder.resolve(name));
                }
            }
            pending.replaceBy(linesMayGo ? named : Set.of());
        }
    }

    /** A body cannot be kept. The message names the file and says why, for people. */
    static final class CannotKeepException extends IOException {

        private static final long serialVersionUID = 1;

        CannotKeepException(Path file, IOException cause) {
            super("cannot write " + file + ": " + reason(cause), cause);
        }

        /** The system's words within a sentence. */
        private static String reason(IOException cause) {
            String said = cause instanceof FileSystemException problem && problem.getReason() != null
                    ? problem.getReason()
                    : String.valueOf(cause.getMessage());
            return said.isEmpty() ? cause.getClass().getSimpleName()
                    : said.substring(0, 1).toLowerCase(Locale.ROOT) + said.substring(1);
        }
    }

    /**
     * A body that arrives. Confined to one thread, whose interruption ends a write and closes the file. The opener
     * closes it, and what was not kept is gone then.
     */
    @Internal
    public static final class Incoming implements AutoCloseable {

        private final BodyStore store;
        private final Path part;
        private final FileChannel channel;
        private final MessageDigest digest = sha256();
        private long taken;
        private boolean isKept;

        private Incoming(BodyStore store, Path part, FileChannel channel) {
            this.store = store;
            this.part = part;
            this.channel = channel;
        }

        /**
         * Begins a body.
         *
         * @throws IOException if the folder cannot be written
         */
        public static Incoming of(BodyStore store) throws IOException {
            Path part = store.folder.resolve("." + store.parts.incrementAndGet() + ".part");
            try {
                return new Incoming(store, part,
                        FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (IOException e) {
                throw new CannotKeepException(part, e);
            }
        }

        /**
         * Writes the next bytes.
         *
         * @throws ClosedByInterruptException if the thread is interrupted; its flag stays set
         * @throws IOException if there is no space for them; the message names the file
         */
        public void write(byte[] bytes, int length) throws IOException {
            digest.update(bytes, 0, length);
            store.space.take(length);
            taken += length;
            try {
                ByteBuffer left = ByteBuffer.wrap(bytes, 0, length);
                while (left.hasRemaining()) {
                    channel.write(left);
                }
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (IOException e) {
                throw new CannotKeepException(part, e);
            }
        }

        /**
         * Keeps what was written, which is on the disk then.
         *
         * @return its SHA-256, which is its name
         * @throws IOException as {@link #write}
         */
        public String keep() throws IOException {
            String name = HexFormat.of().formatHex(digest.digest());
            Path target = store.folder.resolve(name);
            try {
                channel.force(true);
                channel.close();
                if (Files.isRegularFile(target) && Files.size(target) == taken) {
                    return name; // and the part goes
                }
                store.unsettled.add(name);
                store.pending.add(List.of(name));
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
                isKept = true;
                return name;
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (IOException e) {
                throw new CannotKeepException(target, e);
            }
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError("every Java platform has SHA-256", e);
            }
        }

        @Override
        public void close() throws IOException {
            if (!isKept) {
                try (channel) {
                    store.space.giveBack(taken);
                    taken = 0;
                } finally {
                    Files.deleteIfExists(part);
                }
            }
        }
    }

    /**
     * The names of files that may have no line, one to a line of a file, which is locked as long as it is open: one
     * crawl has a folder at a time. Written by any thread: a name is one write, which the system appends as a whole,
     * and which no interrupt ends, as it would end that of a channel together with all later ones.
     */
    private static final class Pending implements AutoCloseable {

        private static final String FILE = ".pending";

        private final Path file;
        private final FileOutputStream out;
        private final Set<String> earlier;

        private Pending(Path file, FileOutputStream out, Set<String> earlier) {
            this.file = file;
            this.out = out;
            this.earlier = earlier;
        }

        static Pending open(Path folder) throws IOException {
            Path file = folder.resolve(FILE);
            while (true) {
                FileOutputStream out = new FileOutputStream(file.toFile(), true);
                try {
                    if (out.getChannel().tryLock() == null) {
                        throw taken(folder);
                    }
                    if (isStillThere(file, out)) {
                        return new Pending(file, out, names(file));
                    }
                    out.close();
                } catch (OverlappingFileLockException e) {
                    try (out) {
                        throw taken(folder);
                    }
                } catch (IOException | RuntimeException | Error e) {
                    try (out) {
                        throw e;
                    }
                }
            }
        }

        /** The last user of the folder may have deleted the file after it was opened here. */
        private static boolean isStillThere(Path file, FileOutputStream out) throws IOException {
            long before = out.getChannel().size();
            out.write('\n');
            try {
                return Files.size(file) == before + 1;
            } catch (NoSuchFileException e) {
                return false;
            }
        }

        private static FileSystemException taken(Path folder) {
            return new FileSystemException(folder.toString(), null, "another crawl keeps its files there");
        }

        /** A last line that was cut names nothing. */
        private static Set<String> names(Path file) throws IOException {
            Set<String> names = new HashSet<>(Files.readAllLines(file, US_ASCII));
            names.removeIf(name -> !NAME.matcher(name).matches());
            return names;
        }

        void add(Collection<String> names) throws IOException {
            out.write(text(names));
        }

        private static byte[] text(Collection<String> names) {
            return (String.join("\n", names) + "\n").getBytes(US_ASCII);
        }

        void sync() throws IOException {
            out.getFD().sync();
        }

        void replaceBy(Set<String> names) throws IOException {
            if (names.isEmpty()) {
                Files.deleteIfExists(file);
            } else {
                out.getChannel().truncate(0);
                add(names);
            }
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
