package fanout.app.cli;

import fanout.CrawlProgress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Writes a line about a crawl's progress every few seconds, from a thread of its own that {@link #close} joins. */
final class ProgressLines implements AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(5);

    private final Supplier<Optional<CrawlProgress>> progress;
    private final Terminal terminal;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;

    private ProgressLines(Supplier<Optional<CrawlProgress>> progress, Terminal terminal) {
        this.progress = progress;
        this.terminal = terminal;
        this.thread = Thread.ofPlatform().daemon().name("progress").unstarted(this::run);
    }

    static ProgressLines start(Supplier<Optional<CrawlProgress>> progress, Terminal terminal) {
        ProgressLines lines = new ProgressLines(progress, terminal);
        lines.thread.start();
        return lines;
    }

    private void run() {
        try {
            while (!over.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                progress.get().ifPresent(now -> terminal.line(line(now)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // and so the thread ends
        }
    }

    static String line(CrawlProgress now) {
        double seconds = Math.max(0.001, now.elapsed().toNanos() / 1e9);
        return String.format(Locale.ROOT,
                "%4.0fs  %d ok, %d redirected, %d failed; %d in flight, %d ready, %d waiting; %d items; %.1f pages/s; %ds left",
                seconds, now.ok(), now.redirected(), now.failed(), now.inFlight(), now.ready(), now.delayed(),
                now.items(),
                now.ok() / seconds, Math.max(0, now.deadlineLeft().toSeconds()));
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
}
