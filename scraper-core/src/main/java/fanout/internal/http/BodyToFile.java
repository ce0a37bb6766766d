package fanout.internal.http;

import fanout.internal.fetch.BodyFiles;
import fanout.internal.fetch.Traffic;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import okio.Buffer;

/**
 * The file that a body becomes. Takes what has been decoded in pieces of 64 KiB, so a body of any length takes as much
 * memory as a short one. Tells a failure of the disk, which ends the crawl, from one of the network.
 *
 * <p>Confined to the fetching thread, which closes it: a body that was not kept leaves nothing.
 */
final class BodyToFile implements AutoCloseable {

    private static final int ENOUGH = 64 << 10;

    private final BodyFiles.Incoming file;
    private final Traffic traffic;
    private final byte[] piece = new byte[ENOUGH];
    private long written;

    private BodyToFile(BodyFiles.Incoming file, Traffic traffic) {
        this.file = file;
        this.traffic = traffic;
    }

    /** Something that is done to a file. */
    @FunctionalInterface
    private interface Step<T> {
        T run() throws IOException;
    }

    /** Begins a file. */
    static BodyToFile of(BodyFiles files, Traffic traffic) throws InterruptedIOException {
        return new BodyToFile(onDisk(files::begin), traffic);
    }

    /** How many bytes have come. */
    long length(Buffer waiting) {
        return written + waiting.size();
    }

    /** Writes what waits, once it is enough. */
    void take(Buffer waiting) throws InterruptedIOException {
        if (waiting.size() >= ENOUGH) {
            drain(waiting);
        }
    }

    /** Writes what waits. */
    void drain(Buffer waiting) throws InterruptedIOException {
        while (waiting.size() > 0) {
            int count = waiting.read(piece, 0, ENOUGH);
            onDisk(() -> {
                file.write(piece, count);
                return true;
            });
            written += count;
            traffic.read(count);
        }
    }

    /** Keeps what was written. */
    BodyFiles.KeptBody keep() throws InterruptedIOException {
        return new BodyFiles.KeptBody(written, onDisk(file::keep));
    }

    @Override
    public void close() throws InterruptedIOException {
        onDisk(() -> {
            file.close();
            return true;
        });
    }

    /**
     * Does something to a file.
     *
     * @throws InterruptedIOException if the thread is interrupted; its flag stays set
     * @throws BodyFiles.NotKeptException if the disk fails
     */
    private static <T> T onDisk(Step<T> step) throws InterruptedIOException {
        try {
            return step.run();
        } catch (ClosedByInterruptException e) {
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(e);
            throw interrupted;
        } catch (IOException e) {
            throw new BodyFiles.NotKeptException(e);
        }
    }
}
