package fanout.app.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files and folders that only the service's user may read, whatever the process's umask is: what jobs contain and
 * crawls find is not for others on this machine. Where the file system has no such permissions, it decides.
 * Stateless.
 */
public final class OwnFiles {

    private static final Logger LOG = LoggerFactory.getLogger(OwnFiles.class);
    private static final Set<PosixFilePermission> OF_FILES = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OF_FOLDERS = PosixFilePermissions.fromString("rwx------");

    private static final Set<PosixFilePermission> OF_OTHERS = PosixFilePermissions.fromString("------rwx");

    private OwnFiles() {}

    private static FileAttribute<?>[] attributes(Set<PosixFilePermission> permissions) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[]{PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    /** Opens a file, which is the service's own if it is created. */
    public static FileChannel open(Path file, OpenOption... options) throws IOException {
        return FileChannel.open(file, Set.of(options), attributes(OF_FILES));
    }

    /**
     * Opens a file to append to it. Several threads may share the stream: unlike a {@link FileChannel}, it is not closed by a write of a
     * thread that is interrupted.
     */
    public static OutputStream append(Path file) throws IOException {
        createIfMissing(file);
        return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Returns whether the file was created. */
    private static boolean createIfMissing(Path file) throws IOException {
        try {
            Files.createFile(file, attributes(OF_FILES));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false; // it is used as it is
        }
    }

    /** Creates an empty file unless it exists; its name is on the disk then. */
    public static void create(Path file) throws IOException {
        if (createIfMissing(file)) {
            try (FileChannel folder = FileChannel.open(file.resolveSibling("."), StandardOpenOption.READ)) {
                folder.force(true);
            }
        }
    }

    /** Creates a folder, which must not exist. */
    public static void createFolder(Path folder) throws IOException {
        Files.createDirectory(folder, attributes(OF_FOLDERS));
    }

    /** Creates a folder and those that it is in, unless they exist. */
    static void createFolders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, attributes(OF_FOLDERS));
        }
    }

    /**
     * Writes a file: a reader, or the next process after a crash, sees all of it or none. An interrupt does not keep it from being written: a
     * crawl that is cancelled has a report, too.
     */
    public static void write(Path file, byte[] content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.deleteIfExists(temporary); // of a process that was killed
        Files.createFile(temporary, attributes(OF_FILES));
        try {
            Files.write(temporary, content);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Whether any user of the machine may read or change a file or folder. */
    public static boolean isOpenToAll(Path path) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        return view != null && view.readAttributes().permissions().stream().anyMatch(OF_OTHERS::contains);
    }

    /**
     * Takes from others what they may do with a file or folder that the service has made, with whatever permissions.
     * What belongs to another user stays as it is: it may be used all the same, by its group.
     */
    static void keepOthersOut(Path path) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view != null && Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(path)
                && !OF_FOLDERS.containsAll(view.readAttributes().permissions())) {
            try {
                view.setPermissions(Files.isDirectory(path) ? OF_FOLDERS : OF_FILES);
            } catch (FileSystemException e) {
                LOG.debug("{} is another user's", path, e);
            }
        }
    }
}
