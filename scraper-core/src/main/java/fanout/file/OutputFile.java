package fanout.file;

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
import java.util.function.UnaryOperator;

/**
 * A file (or standard output) that is written line by line: what reaches it always ends on a whole line. Lines are
 * collected and written together, when there are 64 KiB of them or when {@link #flush} is called.
 *
 * <p>Confined to the thread that writes. Whoever opened it closes it, which writes the lines that are left, unless a write
 * has failed before. A write that blocks, as on a full pipe, ends with a
 * {@link java.nio.channels.ClosedByInterruptException} when its thread is interrupted, and the file is closed then. A full
 * disk and a pipe that nobody reads any more are {@code IOException}s. After a failed write, which may have written a part,
 * nothing more is written: every further flush fails, or lines would be torn and repeated.
 */
public final class OutputFile implements AutoCloseable {

    private static final int ENOUGH = 64 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final WritableByteChannel channel;
    private final boolean ours;
    private final Lines lines = new Lines();
    private boolean broken;

    private OutputFile(WritableByteChannel channel, boolean ours) {
        this.channel = channel;
        this.ours = ours;
    }

    /** Opens a file for writing; its folders are created, what it held before is gone. */
    public static OutputFile create(Path path) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        if (Files.isRegularFile(path) || !Files.exists(path)) {
            return new OutputFile(open(path), true);
        }
        return new OutputFile(new InterruptibleWrites(PatientOpening.of(path, PATIENCE, () -> open(path))), true);
    }

    private static FileChannel open(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
    }

    /**
     * The process's standard output, which stays open when this is closed. {@link System#out} will not do: a thread that is
     * blocked in it cannot be interrupted.
     */
    public static OutputFile standardOutput() {
        return standardOutput(UnaryOperator.identity());
    }

    /**
     * {@link #standardOutput()} seen through another channel, as one that cleans what a terminal must not get. Such a channel
     * gets whole lines, is never closed, and can be interrupted as long as it waits for nothing but the one under it.
     */
    @SuppressWarnings("resource") // belongs to the process, not to us
    public static OutputFile standardOutput(UnaryOperator<WritableByteChannel> through) {
        FileChannel out = new FileOutputStream(FileDescriptor.out).getChannel();
        return new OutputFile(through.apply(new InterruptibleWrites(out)), false);
    }

    /**
     * Lines on any channel, which is closed with this. It must block until it has written something, and end when its thread
     * is interrupted; a {@link FileChannel} on a pipe does not, on a virtual thread.
     */
    public static OutputFile on(WritableByteChannel channel) {
        return new OutputFile(channel, true);
    }

    /** The line that is being written. Closing this stream does nothing. */
    OutputStream line() {
        return lines;
    }

    /** Declares everything written so far to be whole lines. */
    void endLine() throws IOException {
        lines.end();
        if (lines.whole() >= ENOUGH) {
            flush();
        }
    }

    /** Adds lines that are whole already. */
    public void write(byte[] wholeLines) throws IOException {
        lines.write(wholeLines);
        endLine();
    }

    /** Writes all whole lines; fails if a write has failed before. */
    public void flush() throws IOException {
        if (broken) {
            throw new IOException("an earlier write to this output has failed");
        }
        boolean written = false;
        try {
            ByteBuffer bytes = lines.asBuffer();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            lines.forget();
            written = true;
        } finally {
            broken |= !written;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (!broken && channel.isOpen()) {
                flush();
            }
        } finally {
            if (ours) {
                channel.close();
            }
        }
    }

    /** Bytes, of which the first {@code whole} are whole lines. */
    private static final class Lines extends ByteArrayOutputStream {

        private int whole;

        private Lines() {
            super(ENOUGH * 2);
        }

        private void end() {
            whole = count;
        }

        private int whole() {
            return whole;
        }

        private ByteBuffer asBuffer() {
            return ByteBuffer.wrap(buf, 0, whole);
        }

        private void forget() {
            System.arraycopy(buf, whole, buf, 0, count - whole);
            count -= whole;
            whole = 0;
            if (buf.length > 16 * ENOUGH && count < ENOUGH) { // one huge line must not cost memory for ever
                byte[] smaller = new byte[ENOUGH * 2];
                System.arraycopy(buf, 0, smaller, 0, count);
                buf = smaller;
            }
        }
    }
}
