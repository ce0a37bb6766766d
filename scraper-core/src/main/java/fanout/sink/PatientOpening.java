package fanout.sink;

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
 * Opens files whose opening may block. The kernel blocks the writer of a named pipe until the pipe has a reader, and no
 * interrupt ends that. So a daemon thread opens the file, and the caller waits for it for a limited time. After that
 * the thread cannot be joined; if it opens the file after all, it closes it.
 */
final class PatientOpening {

    /** A pipe that has a reader is open sooner, and a person does not notice that the message comes later. */
    private static final Duration MOMENT = Duration.ofMillis(100);

    private PatientOpening() {}

    /**
     * Opens a file.
     *
     * @param patience how long to wait
     * @param waiting called on this thread before a wait that takes longer than a moment
     * @throws InterruptedIOException if the calling thread is interrupted; its flag stays set
     * @throws IOException if it cannot be opened, or not in time
     */
    static FileChannel of(Path path, Duration patience, Runnable waiting, Callable<FileChannel> open)
            throws IOException {
        CompletableFuture<FileChannel> opened = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("scraper-opening").start(() -> open(open, opened));
        try {
            if (!isDoneInAMoment(opened)) {
                waiting.run();
            }
            return opened.get(patience.minus(MOMENT).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            leave(opened);
            FileSystemException late = new FileSystemException(path.toString(), null,
                    "the pipe has no reader: start its reader first");
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

    private static boolean isDoneInAMoment(CompletableFuture<FileChannel> opened) throws InterruptedException {
        try {
            opened.get(MOMENT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true; // the caller sees it next
        }
        return true;
    }

    /** The channel and the end of the wait race for the future; the channel is closed if it comes second. */
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
        if (opened.state() == Future.State.SUCCESS) { // opened between the timeout and the cancellation
            opened.resultNow().close();
        }
    }
}
