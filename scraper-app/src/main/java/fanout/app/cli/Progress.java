package fanout.app.cli;

import fanout.CrawlProgress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Shows a crawl's progress every now and then, from a thread of its own that {@link #close} joins. */
final class Progress implements AutoCloseable {

    private final Supplier<Optional<CrawlProgress>> progress;
    private final Supplier<Display> opening;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;

    private Progress(Supplier<Optional<CrawlProgress>> progress, Supplier<Display> opening) {
        this.progress = progress;
        this.opening = opening;
        this.thread = Thread.ofPlatform().daemon().name("progress").unstarted(this::run);
    }

    /**
     * Starts to show.
     *
     * @param opening makes the display, on the thread that shows it: to ask what the terminal can do takes its time
     */
    static Progress start(Supplier<Optional<CrawlProgress>> progress, Supplier<Display> opening) {
        Progress shown = new Progress(progress, opening);
        shown.thread.start();
        return shown;
    }

    private void run() {
        try (Display display = opening.get()) {
            while (!over.await(display.every().toMillis(), TimeUnit.MILLISECONDS)) {
                progress.get().ifPresent(display::show);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // and so the thread ends
        }
    }

    @Override
    public void close() {
        over.countDown();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // the thread ends soon; whoever interrupts learns it then
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A way to show progress; leaves nothing behind that is not meant to stay. */
    interface Display extends AutoCloseable {

        /** How often. */
        Duration every();

        void show(CrawlProgress now);

        @Override
        default void close() {}
    }
}
