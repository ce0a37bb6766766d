package fanout.app.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder that a service keeps everything in:
 *
 * <pre>
 * lock                  locked by the process that owns the folder; the system releases it however the process ends
 * history.db            what is remembered of each crawl, and the tokens, with history.db-wal and history.db-shm
 * access.jsonl          requests, and access.jsonl.1
 * crawls/ID             the files of each crawl
 * crawls/ID.deleted     those of a crawl whose deletion has begun
 * orphaned/ID           a folder that has the name of a crawl, and no job in it
 * </pre>
 *
 * <p>What has another name is not the service's: it is not read, counted, moved or deleted. Nor is what has such a
 * name and is no regular file or folder, except that it may be moved with the folder of its crawl, or in its place. A
 * link is followed nowhere in the folder; the folder itself may be one.
 *
 * <p>Thread-safe. Owns the lock and the history.
 */
public final class DataFolder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);
    private static final String DELETED = ".deleted";
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
    private static final int PROBE_BYTES = 4096;

    private final Path path;
    private final FileChannel lock;
    private final HistoryDatabase database;
    private final History history;
    private final StoredTokens tokens;
    private final @Nullable Object lockKey;
    private final ReentrantLock looking = new ReentrantLock();
    private @Nullable String problem; // guarded by looking
    private long lookedAt = System.nanoTime() - LOOK_AGAIN.toNanos(); // guarded by looking

    private DataFolder(Path path, FileChannel lock, HistoryDatabase database) throws IOException {
        this.path = path;
        this.lock = lock;
        this.database = database;
        this.history = new History(database);
        this.tokens = new StoredTokens(database);
        this.lockKey = keyOf(lockFile(path));
    }

    /** Another process, or another service of this one, has the folder. */
    public static final class InUseException extends IOException {

        private static final long serialVersionUID = 1;

        private InUseException(Path path) {
            super("another service uses the folder " + path + "; stop it, or name another folder by --data");
        }
    }

    /**
     * Takes a folder, and creates it if it does not exist.
     *
     * @throws InUseException if another service has it
     */
    public static DataFolder open(Path path) throws IOException {
        OwnFiles.createFolders(Files.exists(path) ? path.toRealPath() : path); // which may be a link to a folder
        return openReal(path.toRealPath(), path);
    }

    private static DataFolder openReal(Path path, Path given) throws IOException {
        OwnFiles.refuseOddFolder(crawls(path));
        OwnFiles.createFolders(crawls(path));
        FileChannel lock = OwnFiles.open(lockFile(path), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (!isLocked(lock)) {
                throw new InUseException(given);
            }
            for (String name : List.of("crawls", "lock", "history.db", "history.db-wal", "history.db-shm",
                    "access.jsonl", "access.jsonl.1")) {
                OwnFiles.keepOthersOut(path.resolve(name));
            }
            return new DataFolder(path, lock, HistoryDatabase.open(path.resolve("history.db")));
        } catch (IOException | RuntimeException e) {
            try (lock) {
                throw e;
            }
        }
    }

    static Path lockFile(Path path) {
        return path.resolve("lock");
    }

    static Path crawls(Path path) {
        return path.resolve("crawls");
    }

    /** By writing it the service finds out whether it can write. */
    static Path probeFile(Path path) {
        return crawls(path).resolve(".probe");
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            @Nullable
            FileLock taken = channel.tryLock();
            return taken != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    public History history() {
        return history;
    }

    public StoredTokens tokens() {
        return tokens;
    }

    /**
     * The folder of a crawl, which may not be there.
     *
     * @throws IllegalArgumentException if that is not the id of a crawl: it would lead somewhere else
     */
    public CrawlFolder crawl(String id) {
        return new CrawlFolder(crawls(path).resolve(checked(id)));
    }

    private static String checked(String id) {
        if (!CrawlFolder.isId(id)) {
            throw new IllegalArgumentException("not the id of a crawl: " + id);
        }
        return id;
    }

    /** Where requests are logged. */
    public Path accessLog() {
        return path.resolve("access.jsonl");
    }

    /** Returns what is free on the volume for this program; 0 if the folder is gone. */
    public long freeBytes() {
        return path.toFile().getUsableSpace();
    }

    /** Returns the ids of the crawls that have a folder, in their order, which is that of their submission. */
    public List<String> folders() throws IOException {
        return ids(path, "");
    }

    /** Ids of folders in {@code crawls} that have these names, with this at their end; links to folders are none. */
    static List<String> ids(Path data, String suffix) throws IOException {
        OwnFiles.refuseOddFolder(crawls(data));
        List<String> ids = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(crawls(data), "*" + suffix)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                String id = name.substring(0, name.length() - suffix.length());
                if (CrawlFolder.isId(id) && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    ids.add(id);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        ids.sort(null);
        return ids;
    }

    /**
     * Begins to delete a crawl: its folder has another name from now on, by which a later process knows that it is to
     * go.
     *
     * @return whether there was a folder
     */
    public boolean beginDeletion(String id) throws IOException {
        OwnFiles.refuseOddFolder(crawls(path));
        Path folder = crawl(id).path();
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        Files.move(folder, deleted(id).path());
        return true;
    }

    /** The crawl is not deleted after all. */
    public void takeBackDeletion(String id) throws IOException {
        OwnFiles.refuseOddFolder(crawls(path));
        Files.move(deleted(id).path(), crawl(id).path());
    }

    /** Deletes the files of a crawl whose deletion has begun. What the service has not made is set aside. */
    public void endDeletion(String id) throws IOException {
        OwnFiles.refuseOddFolder(crawls(path));
        CrawlFolder folder = deleted(id);
        if (!folder.delete()) {
            Path kept = setAside(folder.path(), id);
            LOG.warn("the folder of the deleted crawl {} has what the service did not make; it is kept as {}", id,
                    kept);
        }
    }

    /** Ids of crawls whose deletion has begun, and has not ended. */
    public List<String> halfDeleted() throws IOException {
        return ids(path, DELETED);
    }

    private CrawlFolder deleted(String id) {
        return new CrawlFolder(crawls(path).resolve(checked(id) + DELETED));
    }

    /** Moves a folder that belongs to no crawl out of the way, as it is; returns where that is. */
    public Path setAside(String id) throws IOException {
        return setAside(crawl(id).path(), id);
    }

    static Path orphaned(Path path) {
        return path.resolve("orphaned");
    }

    private Path setAside(Path folder, String id) throws IOException {
        Path orphaned = orphaned(path);
        OwnFiles.refuseOddFolder(orphaned);
        OwnFiles.createFolders(orphaned);
        Path target = orphaned.resolve(id);
        for (int i = 2; Files.exists(target, LinkOption.NOFOLLOW_LINKS); i++) {
            target = orphaned.resolve(id + "-" + i);
        }
        return Files.move(folder, target);
    }

    /** Takes from others what they may do with the folder of a crawl, which an older version has let them. */
    public void keepOthersOut(String id) throws IOException {
        OwnFiles.keepOthersOut(crawl(id).path());
    }

    /**
     * Why crawls cannot be kept here at this moment: the folder has vanished, or nothing can be written into it.
     * Looks at the folder at most twice a second.
     */
    public Optional<String> problem() {
        looking.lock(); // held while a file of 4 KiB is written: others would write the same
        try {
            if (System.nanoTime() - lookedAt >= LOOK_AGAIN.toNanos()) {
                String now = look();
                if (!Objects.equals(problem, now)) {
                    LOG.warn("{}: {}", path, now == null ? "the data folder can be used again" : now);
                }
                problem = now;
                lookedAt = System.nanoTime();
            }
            return Optional.ofNullable(problem);
        } finally {
            looking.unlock();
        }
    }

    private @Nullable String look() {
        try {
            if (!Objects.equals(lockKey, keyOf(lockFile(path)))) {
                return "the data folder was replaced by another";
            }
            probe();
            return null;
        } catch (IOException e) {
            return Files.isDirectory(crawls(path))
                    ? "the data folder cannot be written: " + reason(e)
                    : "the data folder has vanished";
        }
    }

    /** Writes as a stream does, which an interrupt of the thread that asks does not make fail. */
    private void probe() throws IOException {
        Path probe = probeFile(path);
        try (OutputStream file = OwnFiles.append(probe)) {
            file.write(new byte[PROBE_BYTES]);
        } finally {
            if (Files.isRegularFile(probe, LinkOption.NOFOLLOW_LINKS)) {
                Files.delete(probe);
            }
        }
    }

    private static String reason(IOException e) {
        String said = switch (e) {
            case OwnFiles.UnusableException unusable -> unusable.why();
            case FileSystemException problem -> problem.getReason();
            default -> e.getMessage();
        };
        return Stream.of(said, e.getMessage()).filter(Objects::nonNull).findFirst().orElseGet(e::toString);
    }

    private static @Nullable Object keyOf(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            database.close();
        }
    }
}
