package fanout.file;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Opens what may keep whoever opens it waiting: the kernel holds the writer of a named pipe until somebody reads it, and no
 * interrupt ends that. So a daemon thread of its own opens it, and is waited for so long and no longer. It cannot be joined
 * then; a channel that it gets after all it closes.
 */
final class PatientOpening {

    private PatientOpening() {}

    /**
     * Opens a file.
     *
     * @param patience how long to wait for it
     * @throws InterruptedIOException if interrupted, which the thread still is then
     * @throws IOException if it cannot be opened, or not in time
     */
    static FileChannel of(Path path, Duration patience, Callable<FileChannel> open) throws IOException {
        CompletableFuture<FileChannel> opened = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("scraper-opening").start(() -> open(open, opened));
        try {
            return opened.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            leave(opened);
            FileSystemException late = new FileSystemException(path.toString(), null,
                    "nobody reads this pipe: start its reader first");
            late.initCause(e);
            throw late;
        } catch (InterruptedException e) {
            leave(opened);
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while opening " + path);
            interrupted.initCause(e);
            throw interrupted;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        }
    }

    /** Whoever comes second, the channel or the end of patience, finds the future decided. */
    private static void open(Callable<FileChannel> open, CompletableFuture<FileChannel> opened) {
        try {
            FileChannel channel = open.call();
            if (!opened.complete(channel)) {
                channel.close();
            }
        } catch (Exception e) {
            opened.completeExceptionally(e);
        }
    }

    private static void leave(CompletableFuture<FileChannel> opened) throws IOException {
        opened.cancel(false);
        if (opened.state() == Future.State.SUCCESS) { // it came at this very moment
            opened.resultNow().close();
        }
    }
}
