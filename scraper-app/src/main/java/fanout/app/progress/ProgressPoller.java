package fanout.app.progress;

import fanout.CrawlProgress;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Polls a crawl's progress and shows it. Owns its thread, which {@link #close} ends and joins. */
public final class ProgressPoller implements AutoCloseable {

    private final Supplier<Optional<CrawlProgress>> progress;
    private final Supplier<ProgressDisplay> opening;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;

    private ProgressPoller(Supplier<Optional<CrawlProgress>> progress, Supplier<ProgressDisplay> opening) {
        this.progress = progress;
        this.opening = opening;
        this.thread = Thread.ofPlatform().daemon().name("progress").unstarted(this::run);
    }

    /**
     * Starts to poll.
     *
     * @param opening makes the display, on the poller's thread: asking what the terminal can do takes time
     */
    static ProgressPoller start(Supplier<Optional<CrawlProgress>> progress, Supplier<ProgressDisplay> opening) {
        ProgressPoller poller = new ProgressPoller(progress, opening);
        poller.thread.start();
        return poller;
    }

    private void run() {
        try (ProgressDisplay display = opening.get()) {
            while (!over.await(display.every().toMillis(), TimeUnit.MILLISECONDS)) {
                progress.get().ifPresent(display::show);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // and so the thread ends
        }
    }

    /** Ends the display and joins the thread; an interrupt does not shorten that, and the flag is set again. */
    @Override
    public void close() {
        over.countDown();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
