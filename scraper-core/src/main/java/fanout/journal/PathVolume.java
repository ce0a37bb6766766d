package fanout.journal;

import fanout.journal.JournalException.Refusal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A journal in a folder. The kernel gives its lock back when its process ends, however it ends. A process must not open
 * the file a second time, since on POSIX systems closing that would give the lock back, too: so the paths that this
 * process has are remembered.
 */
final class PathVolume implements Volume {

    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final String name;
    private final Path next;
    /** What the file is known by in this process: its folder without links. */
    private final Path key;
    private final Space space;
    private final LinkOption[] options;

    PathVolume(Path given) throws IOException {
        this(given, Space.UNLIMITED);
    }

    /** @param options whether a link in the journal's place is followed, as it is without any, or refused */
    PathVolume(Path given, Space space, LinkOption... options) throws IOException {
        this.space = space;
        this.options = options.clone();
        boolean isFollowed = options.length == 0 && Files.exists(given);
        this.path = isFollowed ? given.toRealPath() : given; // a rename would replace a link
        this.name = given.toString();
        this.next = path.resolveSibling(path.getFileName() + ".next");
        Path folder = Objects.requireNonNull(path.toAbsolutePath().getParent(), "a file is in a folder");
        Files.createDirectories(folder);
        this.key = folder.toRealPath().resolve(path.getFileName());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FileChannel open() throws IOException {
        if (Files.exists(path, options) && !Files.isRegularFile(path, options)) {
            throw new JournalException(Refusal.NOT_RESUMABLE, name + ": a journal must be a regular file");
        }
        if (!HELD.add(key)) {
            throw held(null);
        }
        boolean isNew = !Files.exists(path, options);
        try {
            FileChannel channel = openLocked();
            if (isNew) {
                syncFolder();
            }
            return channel;
        } catch (IOException | RuntimeException | Error e) {
            release();
            throw e;
        }
    }

    /**
     * Another process may replace the journal, or remove it, between our opening and our lock: then we have a file
     * without a name.
     */
    private FileChannel openLocked() throws IOException {
        Set<OpenOption> opening = new HashSet<>(Set.of(options));
        opening.addAll(Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
        while (true) {
            FileChannel channel = FileChannel.open(path, opening);
            try {
                Object before = fileKey();
                lock(channel);
                if (before != null && before.equals(fileKey())) {
                    return channel;
                }
            } catch (IOException | RuntimeException | Error e) {
                try (channel) {
                    throw e;
                }
            }
            channel.close();
        }
    }

    private @Nullable Object fileKey() throws IOException {
        try {
            Object key = Files.readAttributes(path, BasicFileAttributes.class, options).fileKey();
            return key == null ? path : key; // some systems have none
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private void lock(FileChannel channel) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            throw held(e);
        }
        if (lock == null) {
            throw held(null);
        }
    }

    private JournalException held(@Nullable Throwable cause) {
        return new JournalException(Refusal.HELD,
                path + ": another crawl has this journal; wait for its end, or stop it",
                cause == null ? new IllegalStateException("held") : cause);
    }

    @Override
    public Space space() {
        return space;
    }

    /** A user who may not read the journal must not read the file that replaces it. */
    @Override
    public FileChannel openNext() throws IOException {
        Files.deleteIfExists(next); // of a process that was killed, perhaps with other permissions
        FileChannel channel = FileChannel.open(next, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                StandardOpenOption.WRITE), permissions());
        try {
            lock(channel);
            return channel;
        } catch (IOException | RuntimeException | Error e) {
            try (channel) {
                throw e;
            }
        }
    }

    private FileAttribute<?>[] permissions() throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class, options);
        return view == null ? new FileAttribute<?>[0]
                : new FileAttribute<?>[]{PosixFilePermissions.asFileAttribute(view.readAttributes().permissions())};
    }

    @Override
    public void replace() throws IOException {
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncFolder();
    }

    @Override
    public void remove() throws IOException {
        Files.deleteIfExists(path);
        syncFolder();
    }

    /** The name of a file is in its folder, and so a new one is on the disk when the folder is. */
    private void syncFolder() throws IOException {
        try (FileChannel folder = FileChannel.open(Objects.requireNonNull(key.getParent()), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    @Override
    public void release() {
        HELD.remove(key);
    }
}
