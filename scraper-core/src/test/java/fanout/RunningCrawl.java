package fanout;

import static org.awaitility.Awaitility.await;

import fanout.Crawl;
import fanout.report.CrawlReport;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A crawl that runs in a thread of its own, so that a test can do something to it. */
final class RunningCrawl implements AutoCloseable {

    private final Crawl crawl;
    private final FutureTask<CrawlReport> run;
    private final Thread thread;

    RunningCrawl(Crawl crawl) {
        this.crawl = crawl;
        this.run = new FutureTask<>(crawl::run);
        this.thread = Thread.ofPlatform().name("runs-a-crawl").start(run);
    }

    Crawl crawl() {
        return crawl;
    }

    Thread thread() {
        return thread;
    }

    static void until(Callable<Boolean> condition) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(30))
                .until(condition);
    }

    /** Waits for the end of {@code run}, which must not throw. */
    CrawlReport report() throws InterruptedException {
        try {
            return run.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    /** Waits for the end of {@code run}, which must throw. */
    Throwable thrown() throws InterruptedException {
        try {
            throw new AssertionError("nothing thrown, but returned " + run.get());
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    @Override
    public void close() {
        crawl.cancel();
    }
}
