package fanout.sink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A channel to something that may block for ever, such as a pipe, for writers on virtual threads. A blocked write of a
 * {@link FileChannel} can be interrupted on a platform thread only. On a virtual thread it stays blocked, and blocks
 * the interrupting thread as well. So each write runs on a platform thread of its own, which this class joins.
 *
 * <p>Confined to one writing thread. An interrupt closes the channel. Owns the channel under it.
 */
final class InterruptibleWrites implements WritableByteChannel {

    private final FileChannel channel;

    InterruptibleWrites(FileChannel channel) {
        this.channel = channel;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        if (!Thread.currentThread().isVirtual()) {
            return channel.write(bytes);
        }
        FutureTask<Integer> writing = new FutureTask<>(() -> channel.write(bytes));
        Thread writer = Thread.ofPlatform().name("scraper-output").daemon().start(writing);
        try {
            return writing.get();
        } catch (InterruptedException e) {
            writer.interrupt();
            join(writer);
            Thread.currentThread().interrupt();
            ClosedByInterruptException closed = new ClosedByInterruptException();
            closed.initCause(e);
            throw closed;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        }
    }

    /** The interrupted writer ends at once, but must have ended before the caller may use its buffer again. */
    private static void join(Thread writer) {
        while (writer.isAlive()) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                writer.interrupt(); // a second interrupt hurries the same end; the caller restores the flag
            }
        }
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
