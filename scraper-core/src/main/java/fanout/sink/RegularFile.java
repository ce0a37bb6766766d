package fanout.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.journal.Space;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file that one crawl writes at a time. Opening locks it before it empties it, against this process and all others,
 * and closing gives the lock back. A write takes all of its bytes or none: what a failed one has written, as on a full
 * disk, is cut off again.
 *
 * <p>Confined to the thread that writes. Owns the channel. An interrupt during a write closes the file, and nothing is
 * cut off then. The lock stops crawls, and most systems let other programs pass. On POSIX systems it no longer stops
 * other processes when this process has opened the file a second time and closed that.
 */
final class RegularFile implements WritableByteChannel {

    private final FileChannel channel;

    /** Held, because the JDK forgets a lock that is not reachable, and would let this process lock the file again. */
    @SuppressWarnings({"unused", "FieldCanBeLocal"})
    private final Optional<FileLock> lock;

    private final Space space;

    private RegularFile(FileChannel channel, Optional<FileLock> lock, Space space) {
        this.channel = channel;
        this.lock = lock;
        this.space = space;
    }

    /**
     * Opens a file, which is empty then.
     *
     * @throws FileSystemException if another crawl is writing it; the file is unchanged
     */
    static RegularFile open(Path path) throws IOException {
        return on(FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE), path);
    }

    /**
     * Opens a file as it is, to write behind what it holds; an empty one is made if it does not exist.
     *
     * @throws FileSystemException as {@link #open}
     */
    static RegularFile reopen(Path path) throws IOException {
        return locked(FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE), path);
    }

    /**
     * A file as it is, which no other crawl may have.
     *
     * @param space from which it takes what it writes; what lies there was taken before
     */
    static RegularFile unlocked(FileChannel channel, Space space) {
        return new RegularFile(channel, Optional.empty(), space);
    }

    /** As {@link #open}; the channel is closed if it fails. */
    static RegularFile on(FileChannel channel, Path path) throws IOException {
        RegularFile file = locked(channel, path);
        try {
            channel.truncate(0);
            return file;
        } catch (IOException | RuntimeException e) {
            try (channel) {
                throw e;
            }
        }
    }

    private static RegularFile locked(FileChannel channel, Path path) throws IOException {
        try {
            return new RegularFile(channel, lock(channel, path), Space.UNLIMITED);
        } catch (IOException | RuntimeException e) {
            try (channel) {
                throw e;
            }
        }
    }

    private static Optional<FileLock> lock(FileChannel channel, Path path) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) { // a crawl of this process has it
            FileSystemException ours = taken(path);
            ours.initCause(e);
            throw ours;
        } catch (IOException e) {
            // some network file systems know no locks, and a crawl without one is better than none
            return Optional.empty();
        }
        if (lock == null) {
            throw taken(path);
        }
        return Optional.of(lock);
    }

    private static FileSystemException taken(Path path) {
        return new FileSystemException(path.toString(), null, "another crawl is writing it");
    }

    long size() throws IOException {
        return channel.size();
    }

    /** Whether the bytes before this one are those. */
    boolean endsAt(long end, byte[] last) throws IOException {
        ByteBuffer found = ByteBuffer.allocate(last.length);
        long from = end - last.length;
        while (from >= 0 && found.hasRemaining() && channel.read(found, from + found.position()) > 0) {
            // until all are there, or the file ends
        }
        return ByteBuffer.wrap(last).equals(found.flip());
    }

    /** Returns the first line, without its end, or what is there of it in the first kibibytes. */
    String firstLine(Compression compression) throws IOException {
        try (InputStream text = compression.reading(new FromBeginning(channel))) {
            return new String(text.readNBytes(8 << 10), UTF_8).split("\\R", 2)[0];
        }
    }

    /** The bytes of a channel from its first, wherever its position is. Closing it does nothing. */
    private static final class FromBeginning extends InputStream {

        private final FileChannel channel;
        private long at;

        private FromBeginning(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            int count = channel.read(ByteBuffer.wrap(target, from, length), at);
            at += Math.max(0, count);
            return count;
        }

        /** Whether there is more, by which a reader of gzip knows that another member may follow. */
        @Override
        public int available() throws IOException {
            return (int) Math.min(Integer.MAX_VALUE, channel.size() - at);
        }
    }

    /** Cuts what follows, and writes there from now on. */
    void cutAt(long end) throws IOException {
        long before = channel.size();
        channel.truncate(end);
        space.giveBack(Math.max(0, before - end));
        channel.position(end);
    }

    /** Has what was written on the disk; returns how much that is. */
    long commit() throws IOException {
        channel.force(false);
        return channel.position();
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        long end = channel.position();
        space.take(length);
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException | RuntimeException | Error e) {
            space.giveBack(cutTo(end, e) ? length : bytes.remaining());
            throw e;
        }
        return length;
    }

    /** Returns whether what a write has written is cut off. */
    private boolean cutTo(long end, Throwable failure) {
        if (channel.isOpen()) {
            try {
                channel.truncate(end);
                return true;
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
        return false;
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
