package fanout.app.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folder that a service keeps everything in. One process owns it: a lock on a file in it says so, which the system releases
 * however the process ends.
 *
 * <p>Thread-safe. Owns the lock and the history.
 */
public final class DataFolder implements AutoCloseable {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Path path;
    private final FileChannel lock;
    private final History history;

    private DataFolder(Path path, FileChannel lock, History history) {
        this.path = path;
        this.lock = lock;
        this.history = history;
    }

    /** Another process, or another service of this one, has the folder. */
    public static final class InUseException extends IOException {

        private static final long serialVersionUID = 1;

        private InUseException(Path path) {
            super("another service uses the folder " + path + "; stop it, or name another folder by --data");
        }
    }

    /**
     * Takes a folder, and creates it if it is not there.
     *
     * @throws InUseException if another service has it
     */
    public static DataFolder open(Path path) throws IOException {
        create(path);
        create(path.resolve("crawls"));
        FileChannel lock = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (!isLocked(lock)) {
                throw new InUseException(path);
            }
            return new DataFolder(path, lock, History.open(path.resolve("history.db")));
        } catch (IOException | RuntimeException e) {
            try (lock) {
                throw e;
            }
        }
    }

    /** What jobs say and crawls find is nobody else's on this machine. */
    private static void create(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(folder, OWNER_ONLY);
            }
        }
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

    /** The folder of a crawl, which may not be there. */
    public CrawlFolder crawl(String id) {
        return new CrawlFolder(path.resolve("crawls").resolve(id));
    }

    /** Where requests are logged. */
    public Path accessLog() {
        return path.resolve("access.jsonl");
    }

    /** Returns what is free on the volume for this program; 0 if the folder is gone. */
    public long freeBytes() {
        return path.toFile().getUsableSpace();
    }

    /** Ids of the folders that are there. */
    public List<String> folders() throws IOException {
        List<String> ids = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(path.resolve("crawls"))) {
            folders.forEach(folder -> ids.add(folder.getFileName().toString()));
        }
        return ids;
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            history.close();
        }
    }
}
