package fanout.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A journal on the disk, to which groups are appended. Confined to one thread. Owns its channel. */
final class JournalFile implements AutoCloseable {

    private final Volume volume;
    private FileChannel channel;
    private long end;
    private long groups;

    /** A file that holds so many groups, which end there; what follows is cut off before another is appended. */
    JournalFile(Volume volume, FileChannel channel, long end, long groups) {
        this.volume = volume;
        this.channel = channel;
        this.end = end;
        this.groups = groups;
    }

    String name() {
        return volume.name();
    }

    /** What it is taken from. */
    Space space() {
        return volume.space();
    }

    long leastToCompact() {
        return volume.leastToCompact();
    }

    FileChannel channel() {
        return channel;
    }

    long size() {
        return end;
    }

    /**
     * Appends a group, which is on the disk when this returns.
     *
     * @throws IOException if it cannot be written, in which case the message names the file, or if there is no space
     *     for it
     */
    void append(ByteBuffer content) throws IOException {
        long bytes = (long) Group.HEADER + content.limit();
        volume.space().take(bytes);
        boolean written = false;
        try {
            if (channel.size() > end) {
                channel.truncate(end);
                channel.force(true);
            }
            write(content);
            channel.force(false);
            written = true;
        } catch (IOException e) {
            throw named(e);
        } finally {
            if (!written) {
                volume.space().giveBack(bytes);
            }
        }
        end += bytes;
        groups++;
    }

    /** What a failed write has written is cut off again, as far as the disk lets us. */
    private void write(ByteBuffer content) throws IOException {
        ByteBuffer[] parts = {Group.header(groups, content), content.duplicate()};
        try {
            channel.position(end);
            while (parts[1].hasRemaining()) {
                channel.write(parts);
            }
        } catch (IOException | RuntimeException | Error e) {
            cutOff(e);
            throw e;
        }
    }

    private IOException named(IOException failure) {
        String why = failure.getMessage();
        return new IOException("cannot write " + name() + ": " + (why == null ? failure.toString() : why), failure);
    }

    private void cutOff(Throwable failure) {
        if (channel.isOpen()) {
            try {
                channel.truncate(end);
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }

    /** Writes into another file what is to stand in this one's place. */
    @FunctionalInterface
    interface Rewriting {
        void into(JournalFile next) throws IOException;
    }

    /** Replaces the file by another. Until that is on the disk, this one stays. */
    void rewrite(Rewriting rewriting) throws IOException {
        JournalFile next = new JournalFile(volume, volume.openNext(), 0, 0);
        try {
            rewriting.into(next);
            volume.replace();
        } catch (IOException | RuntimeException | Error e) {
            volume.space().giveBack(next.end);
            try (next) {
                throw e;
            }
        }
        volume.space().giveBack(end);
        try (FileChannel _ = channel) {
            channel = next.channel;
            end = next.end;
            groups = next.groups;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
