package fanout.sink;

import fanout.journal.JournalException;
import fanout.journal.JournalException.Refusal;
import fanout.journal.Space;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file of which it is known only later how much of it counts. Nothing is changed before the first write or commit
 * after that, since another output of the crawl may refuse to resume. Confined to the thread that writes. Owns the
 * file.
 */
final class ResumedFile implements WritableByteChannel {

    /** Removes a file that was made in vain. */
    @FunctionalInterface
    private interface Undo {
        void run() throws IOException;
    }

    private final RegularFile file;
    private final String name;
    private final Compression compression;
    private final boolean isNew;
    private final Undo undo;
    private boolean isReady;
    private long cutAt;
    private boolean isCut;

    private ResumedFile(RegularFile file, String name, Compression compression, boolean isNew, Undo undo) {
        this.file = file;
        this.name = name;
        this.compression = compression;
        this.isNew = isNew;
        this.undo = undo;
    }

    static ResumedFile open(Path path, Compression compression) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        boolean isNew = !Files.exists(path);
        if (!isNew && !Files.isRegularFile(path)) {
            throw new JournalException(Refusal.NOT_RESUMABLE,
                    path + ": no regular file, and what was written to it cannot be cut");
        }
        RegularFile file = RegularFile.reopen(path);
        if (isNew && folder != null) {
            syncName(folder);
        }
        return new ResumedFile(file, path.toString(), compression, isNew, () -> Files.deleteIfExists(path));
    }

    /** The name of a file is in its folder: it survives a crash when the folder does. */
    private static void syncName(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static ResumedFile on(FileChannel channel, String name, Space space) {
        return new ResumedFile(RegularFile.unlocked(channel, space), name, Compression.NONE, false, () -> {});
    }

    /** So many bytes count; the last of them are known. */
    void resumeAt(long end, byte[] last) throws IOException {
        if (isNew && end > 0) {
            throw new JournalException(Refusal.OUTPUT,
                    name + ": the file is missing, of which " + end + " bytes were committed");
        }
        long size = file.size();
        if (size < end) {
            throw new JournalException(Refusal.OUTPUT,
                    name + ": the file has " + size + " bytes, of which " + end + " were committed");
        }
        if (end > 0 && !file.endsAt(end, last)) {
            throw new JournalException(Refusal.OUTPUT,
                    name + ": no " + (compression == Compression.NONE ? "line" : "member") + " ends at byte " + end
                            + ", where the crawl had committed: the file was changed");
        }
        cutAt = end;
        isReady = true;
    }

    /** Whether it is known how much of the file counts. */
    boolean isReady() {
        return isReady;
    }

    /** Returns the first line of what counts, without its end, if there is one. */
    Optional<String> firstLine() throws IOException {
        return cutAt == 0 ? Optional.empty() : Optional.of(file.firstLine(compression));
    }

    private void cut() throws IOException {
        if (!isReady) {
            throw new IllegalStateException(name + ": written before its crawl began");
        }
        if (!isCut) {
            file.cutAt(cutAt);
            isCut = true;
        }
    }

    /** Has what was written on the disk; returns how much that is. */
    long commit() throws IOException {
        cut();
        return file.commit();
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        cut();
        return file.write(bytes);
    }

    @Override
    public boolean isOpen() {
        return file.isOpen();
    }

    @Override
    public void close() throws IOException {
        try (file) {
            if (isNew && !isReady) {
                undo.run();
            }
        }
    }
}
