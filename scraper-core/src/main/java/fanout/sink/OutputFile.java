package fanout.sink;

import fanout.journal.Position;
import fanout.journal.Space;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A file (or standard output) that is written line by line, and always ends on a whole line. Lines are collected and
 * written together, when there are 64 KiB of them or when {@link #flush} is called. Of a {@linkplain Compression
 * compressed} file, what is written is whole members: one for each flush, or for a mebibyte of lines.
 *
 * <p>Confined to the thread that writes. The caller that opens a file closes it, which writes the lines that are left,
 * unless a write has failed before. A write that blocks, as on a full pipe, ends with a
 * {@link java.nio.channels.ClosedByInterruptException} when its thread is interrupted, and the file is closed then. A
 * full disk and a pipe without a reader are {@code IOException}s. What a failed write has written of a regular file is
 * cut off again, unless an interrupt has closed the file; elsewhere a part of a line may have been written. Nothing is
 * written after it, and every further flush fails, because lines would be torn or repeated.
 */
public final class OutputFile implements AutoCloseable {

    private static final int ENOUGH = 64 << 10;
    private static final byte[] LINE_END = {'\n'};
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final WritableByteChannel channel;
    private final boolean ours;
    private final LineBuffer lines = new LineBuffer(ENOUGH);
    private final @Nullable ResumedFile resumed;
    /** Null if the lines are written as they are. */
    private final @Nullable Members members;
    /** What the last line or member that was written ends in, by which a resumed crawl knows the place. */
    private byte[] last = LINE_END;
    private boolean broken;

    private OutputFile(WritableByteChannel channel, boolean ours) {
        this(channel, ours, Compression.NONE, null);
    }

    private OutputFile(WritableByteChannel channel, boolean ours, Compression compression,
            @Nullable ResumedFile resumed) {
        this.channel = channel;
        this.ours = ours;
        this.members = compression == Compression.NONE ? null : new Members(compression);
        this.resumed = resumed;
    }

    /**
     * Opens a file for writing, and creates its folders. An existing file is emptied. A regular file is locked until
     * this is closed.
     *
     * @throws IOException if it cannot be opened. A regular file that another crawl is writing stays as it is; a pipe
     *     without a reader is waited for, up to ten seconds
     * @throws java.io.InterruptedIOException if the calling thread is interrupted in that wait; its flag stays set
     */
    public static OutputFile create(Path path) throws IOException {
        return create(path, () -> {});
    }

    /**
     * As {@link #create(Path)}.
     *
     * @param waiting called on the calling thread before it waits for the reader of a pipe
     */
    public static OutputFile create(Path path, Runnable waiting) throws IOException {
        return create(path, Compression.NONE, waiting);
    }

    /**
     * As {@link #create(Path, Runnable)}, of a file that is compressed.
     *
     * @throws IOException also if what compresses is missing; nothing was changed then
     */
    public static OutputFile create(Path path, Compression compression, Runnable waiting) throws IOException {
        compression.prepare();
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        if (Files.isRegularFile(path) || !Files.exists(path)) {
            return new OutputFile(RegularFile.open(path), true, compression, null);
        }
        FileChannel pipe =
                PatientOpening.of(path, PATIENCE, waiting, () -> FileChannel.open(path, StandardOpenOption.WRITE));
        return new OutputFile(new InterruptibleWrites(pipe), true, compression, null);
    }

    /**
     * Opens a file of a crawl that may resume, as it is; one that does not exist is made. It belongs into a sink of a
     * crawl with a journal: that says how much of the file counts, and the rest is cut off when the crawl begins.
     *
     * @throws IOException if it cannot be opened, or is no regular file
     */
    public static OutputFile resume(Path path) throws IOException {
        return resume(path, Compression.NONE);
    }

    /**
     * As {@link #resume(Path)}, of a file that is compressed: each commit ends a member.
     *
     * @throws IOException also if what compresses is missing; nothing was changed then
     */
    public static OutputFile resume(Path path, Compression compression) throws IOException {
        compression.prepare();
        ResumedFile file = ResumedFile.open(path, compression);
        return new OutputFile(file, true, compression, file);
    }

    /** As {@link #resume(Path)}, of a file that is open already, and that no other crawl may have. Closed with this. */
    public static OutputFile resume(FileChannel open, String name) throws IOException {
        return resume(open, name, Space.UNLIMITED);
    }

    /**
     * As {@link #resume(FileChannel, String)}, of a file that shares its space with others, as with the crawl's
     * journal.
     *
     * @param space from which the file takes what it writes; what lies there was taken before
     */
    public static OutputFile resume(FileChannel open, String name, Space space) throws IOException {
        ResumedFile file = ResumedFile.on(open, name, space);
        return new OutputFile(file, true, Compression.NONE, file);
    }

    /**
     * The process's standard output, which stays open when this is closed. {@link System#out} is not used, because a
     * thread that is blocked in it cannot be interrupted.
     */
    public static OutputFile standardOutput() {
        return new OutputFile(standardChannel(), false);
    }

    /**
     * The process's standard output behind another channel, such as one that removes what a terminal must not get. That
     * channel gets whole lines and is never closed. An interrupt ends its write if it waits for nothing but the channel
     * under it.
     */
    public static OutputFile standardOutput(UnaryOperator<WritableByteChannel> through) {
        return new OutputFile(through.apply(standardChannel()), false);
    }

    /**
     * The process's standard output, compressed.
     *
     * @throws IOException if what compresses is missing
     */
    public static OutputFile standardOutput(Compression compression) throws IOException {
        compression.prepare();
        return new OutputFile(standardChannel(), false, compression, null);
    }

    @SuppressWarnings("resource") // the process owns it
    private static WritableByteChannel standardChannel() {
        return new InterruptibleWrites(new FileOutputStream(FileDescriptor.out).getChannel());
    }

    /**
     * Lines on any channel, which is closed with this. A write to the channel must block until something is written,
     * and end when its thread is interrupted; that of a {@link FileChannel} on a pipe does not, on a virtual thread.
     */
    public static OutputFile on(WritableByteChannel channel) {
        return new OutputFile(channel, true);
    }

    /**
     * As {@link #on(WritableByteChannel)}, compressed.
     *
     * @throws IOException if what compresses is missing
     */
    static OutputFile on(WritableByteChannel channel, Compression compression) throws IOException {
        compression.prepare();
        return new OutputFile(channel, true, compression, null);
    }

    /** Whether what was written can be committed, and cut: in a regular file of a crawl that may be resumed. */
    boolean isResumable() {
        return resumed != null;
    }

    /** Goes back to where it was committed; see {@link ResumableSink#resumeAt}. */
    void resumeAt(Position position) throws IOException {
        if (position.equals(Position.NONE)) {
            resumed().resumeAt(0, last);
            return;
        }
        long end = position.bytes();
        if (members != null && end > 0) {
            last = HexFormat.of().parseHex(position.parts().getFirst().place());
        }
        resumed().resumeAt(end, last);
        if (end > 0) {
            lines.clear(); // a header is there already
        }
    }

    /** Returns the first line of what counts, if the file continues that of an earlier run. */
    Optional<String> resumedHeader() throws IOException {
        return resumed().firstLine();
    }

    /** Has all whole lines on the disk; see {@link ResumableSink#commit}. */
    Position commit() throws IOException {
        flush();
        long end = resumed().commit();
        return members == null || end == 0 ? Position.at(end)
                : new Position(Long.toString(end),
                        List.of(new Position(HexFormat.of().formatHex(last), List.of())));
    }

    private ResumedFile resumed() {
        if (resumed == null) {
            throw new IllegalStateException("an output that was not opened to be resumed");
        }
        return resumed;
    }

    /** The line that is being written. Closing this stream does nothing. */
    OutputStream line() {
        return lines;
    }

    /** Ends the line: everything written so far is whole lines. */
    void endLine() throws IOException {
        lines.end();
        if (lines.whole() >= ENOUGH) {
            write(false);
        }
    }

    /** Adds lines that are whole already. */
    public void write(byte[] wholeLines) throws IOException {
        lines.write(wholeLines);
        endLine();
    }

    /** Writes all whole lines; fails if a write has failed before. */
    public void flush() throws IOException {
        write(true);
    }

    /** @param all whether a member ends that is not full */
    private void write(boolean all) throws IOException {
        if (broken) {
            throw new IOException("an earlier write to this output has failed");
        }
        if (resumed != null && !resumed.isReady()) {
            return; // it is not known yet where
        }
        boolean written = false;
        try {
            ByteBuffer bytes = lines.asBuffer();
            if (members == null) {
                writeFully(bytes);
            } else {
                members.add(bytes);
                if (all || members.isFull()) {
                    byte[] member = members.end();
                    writeFully(ByteBuffer.wrap(member));
                    last = member.length == 0 ? last : Members.last(member);
                }
            }
            lines.forget();
            written = true;
        } finally {
            broken |= !written;
        }
    }

    private void writeFully(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        try (Members _ = members) {
            if (!broken && channel.isOpen()) {
                flush();
            }
        } finally {
            if (ours) {
                channel.close();
            }
        }
    }

    /**
     * Bytes that are collected for an output, of which the first {@link #whole} are whole lines. Confined to the thread
     * that writes.
     */
    private static final class LineBuffer extends ByteArrayOutputStream {

        /**
         * So many times its usual size, it is replaced when it is empty enough: one huge line does not hold its memory
         * for ever.
         */
        private static final int HUGE = 8;

        private final int usual;
        private int whole;

        /** @param enough bytes of whole lines after which the owner writes them */
        LineBuffer(int enough) {
            super(2 * enough);
            this.usual = 2 * enough;
        }

        /** All that is here is whole lines. */
        void end() {
            whole = count;
        }

        int whole() {
            return whole;
        }

        void clear() {
            reset();
            whole = 0;
        }

        /** The whole lines; valid until something is written here. */
        ByteBuffer asBuffer() {
            return ByteBuffer.wrap(buf, 0, whole);
        }

        /** The whole lines were written; a line that was begun stays. */
        void forget() {
            System.arraycopy(buf, whole, buf, 0, count - whole);
            count -= whole;
            whole = 0;
            if (buf.length > HUGE * usual && count < usual / 2) {
                byte[] smaller = new byte[usual];
                System.arraycopy(buf, 0, smaller, 0, count);
                buf = smaller;
            }
        }
    }
}
