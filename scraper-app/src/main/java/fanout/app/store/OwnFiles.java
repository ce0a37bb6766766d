package fanout.app.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files and folders that only the service's user may read, whatever the process's umask is: what jobs contain and
 * crawls find is not for others on this machine. Where the file system has no such permissions, it decides.
 *
 * <p>Every file of a data folder is opened here. A backup, or another user of the folder's group, may have put a link
 * to any file of the machine in its place, or a pipe, whose opening waits for its other end. So nothing but a regular
 * file is opened, and links are not followed: the look comes before the opening, because only that spares the wait, and
 * a link that replaces the file in between fails the opening. The two folders that a file is in are no links either:
 * those of a crawl's file are {@code crawls} and the crawl's own. The path of the data folder itself has no links,
 * because {@link DataFolder} resolves them. Stateless.
 */
public final class OwnFiles {

    private static final Logger LOG = LoggerFactory.getLogger(OwnFiles.class);
    private static final Set<PosixFilePermission> OF_FILES = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OF_FOLDERS = PosixFilePermissions.fromString("rwx------");

    private static final Set<PosixFilePermission> OF_OTHERS = PosixFilePermissions.fromString("------rwx");

    /** Why what {@link #odd} finds is not used. */
    static final String ONLY_FILES = ", and the service uses regular files only";
    /** Why what {@link #oddFolder} finds is not used. */
    static final String ONLY_FOLDERS = ", and the service uses regular folders only";

    private OwnFiles() {}

    private static FileAttribute<?>[] attributes(Set<PosixFilePermission> permissions) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[]{PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    /** There is something in a file's place that the service does not use, or the file is damaged. */
    public static final class UnusableException extends FileSystemException {

        private static final long serialVersionUID = 1;

        private final String what;
        private final String why;

        private UnusableException(Path file, String what, String cure) {
            super(file.toString(), null, what);
            this.what = what;
            this.why = file.getFileName() + " " + what + cure;
        }

        /** Returns what is wrong, without the name of the file. */
        String what() {
            return what;
        }

        /** Returns the reason, for people: the name of the file, and what is in its place. */
        public String why() {
            return why;
        }
    }

    /**
     * Returns the reason why a file is not used that does not contain what the service has written.
     *
     * @param what is wrong with it, in words that follow its name
     */
    public static UnusableException damaged(Path file, String what) {
        return new UnusableException(file, what, "; restore it from a backup");
    }

    /** Returns what lies in a file's place and is no regular file, in words; empty if a file or nothing does. */
    static Optional<String> odd(Path file) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || !Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        return Optional.of(kind(file));
    }

    /** Returns what lies in a folder's place and is no folder, in words; empty if a folder or nothing does. */
    static Optional<String> oddFolder(Path folder) {
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) || !Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        return Optional.of(kind(folder));
    }

    private static String kind(Path path) {
        return Files.isSymbolicLink(path) ? "is a symbolic link"
                : Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? "is a folder"
                        : Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) ? "is a file"
                                : "is a pipe, a socket or a device";
    }

    /**
     * Looks at the place of a folder.
     *
     * @throws UnusableException if something else is there
     */
    static void refuseOddFolder(Path folder) throws UnusableException {
        Optional<String> odd = oddFolder(folder);
        if (odd.isPresent()) {
            throw new UnusableException(folder, odd.get() + ONLY_FOLDERS, "");
        }
    }

    /** Looks at the two folders that a file is in, the outer one first. */
    private static void refuseOddFolders(Path file) throws UnusableException {
        Path folder = file.getParent();
        if (folder != null) {
            if (folder.getParent() != null) {
                refuseOddFolder(folder.getParent());
            }
            refuseOddFolder(folder);
        }
    }

    private static void refuseOdd(Path file) throws UnusableException {
        refuseOddFolders(file);
        Optional<String> odd = odd(file);
        if (odd.isPresent()) {
            throw new UnusableException(file, odd.get() + ONLY_FILES, "");
        }
    }

    /**
     * Opens a file, which is the service's own if it is created.
     *
     * @throws UnusableException if something else is in its place
     */
    public static FileChannel open(Path file, OpenOption... options) throws IOException {
        refuseOdd(file);
        Set<OpenOption> all = new HashSet<>(Set.of(options));
        all.add(LinkOption.NOFOLLOW_LINKS);
        return FileChannel.open(file, all, attributes(OF_FILES));
    }

    /**
     * Opens a file to read it.
     *
     * @throws UnusableException as {@link #open}
     * @throws NoSuchFileException if it is missing
     */
    public static FileChannel read(Path file) throws IOException {
        return open(file, StandardOpenOption.READ);
    }

    /**
     * Reads a file that is not longer than so many bytes. An interrupt does not keep it from being read.
     *
     * @throws UnusableException as {@link #open}, or if it is longer
     * @throws NoSuchFileException if it is missing
     */
    public static byte[] read(Path file, int most) throws IOException {
        if (size(file) > most) {
            throw tooLong(file, most); // without reading so much of it
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] content = in.readNBytes(most);
            if (in.read() >= 0) {
                throw tooLong(file, most);
            }
            return content;
        }
    }

    private static UnusableException tooLong(Path file, int most) {
        return damaged(file, "is longer than " + most + " bytes");
    }

    /**
     * Returns the bytes of a file; 0 if it is missing.
     *
     * @throws UnusableException as {@link #open}
     */
    public static long size(Path file) throws IOException {
        refuseOdd(file);
        try {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).size();
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /**
     * Opens a file to append to it. Several threads may share the stream: unlike a {@link FileChannel}, it is not
     * closed by a write of a thread that is interrupted.
     *
     * @throws UnusableException as {@link #open}
     */
    public static OutputStream append(Path file) throws IOException {
        createIfMissing(file);
        refuseOdd(file);
        return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND,
                LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns whether the file was created. */
    private static boolean createIfMissing(Path file) throws IOException {
        refuseOddFolders(file);
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
        refuseOddFolders(folder);
        Files.createDirectory(folder, attributes(OF_FOLDERS));
    }

    /** Creates a folder and those that it is in, unless they exist. */
    public static void createFolders(Path folder) throws IOException {
        refuseOddFolder(folder);
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, attributes(OF_FOLDERS));
        }
    }

    /**
     * Writes a file: a reader, or the next process after a crash, sees all of it or none. An interrupt does not keep it
     * from being written: a crawl that is cancelled has a report, too.
     */
    public static void write(Path file, byte[] content) throws IOException {
        refuseOddFolders(file);
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.deleteIfExists(temporary); // of a process that was killed
        Files.createFile(temporary, attributes(OF_FILES));
        try (OutputStream out = Files.newOutputStream(temporary, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            out.write(content);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Deletes a file, or what lies in its place and is not a folder with something in it; it may be missing. */
    public static void delete(Path file) throws IOException {
        refuseOddFolders(file);
        Files.deleteIfExists(file);
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
        boolean isFolder = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
        // the view opens what it changes
        boolean isOwn = isFolder || Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
        if (view != null && isOwn && !OF_FOLDERS.containsAll(view.readAttributes().permissions())) {
            try {
                view.setPermissions(isFolder ? OF_FOLDERS : OF_FILES);
            } catch (FileSystemException e) {
                LOG.debug("{} is another user's", path, e);
            }
        }
    }
}
