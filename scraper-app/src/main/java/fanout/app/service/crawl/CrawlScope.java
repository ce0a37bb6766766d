package fanout.app.service.crawl;

import fanout.Scraper;
import fanout.app.config.ServiceSettings;
import fanout.app.metrics.JobRegistries;
import fanout.app.service.run.CrawlRunner;
import fanout.app.service.run.CrawlTask;
import fanout.app.service.run.Ending;
import fanout.app.service.run.FetchShares;
import fanout.app.service.run.LiveCrawls;
import fanout.app.service.run.RunEnds;
import fanout.app.store.CrawlState;
import fanout.app.store.DataFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Joiner;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scope under which all crawls of the service run, one after the other in each runner's task, each in a scope of its own.
 *
 * <pre>
 * service scope
 *   ├─ runner 1 … maxConcurrentCrawls: the next crawl of the queue, to its end
 *   ├─ sampler: every quarter of a second, what was committed; every second, the figures of what runs, which every other second
 *   │  are kept; every minute, what must be deleted
 *   └─ stopper: once the service is asked to stop, drains, and after the grace cancels
 * </pre>
 *
 * <p>{@link #run} is called once and blocks its caller until all of these have ended; {@link #stop} and {@link #stopNow} may be
 * called from any thread, again and again.
 */
public final class CrawlScope {

    private static final Logger LOG = LoggerFactory.getLogger(CrawlScope.class);

    private static final int STACK = 12;

    private final ServiceSettings settings;
    private final DataFolder data;
    private final CrawlQueue queue;
    private final LiveCrawls live = new LiveCrawls();
    private final Crawls crawls;
    private final Retention retention;
    private final Recovery recovery;
    private final CrawlRunner runner;
    private final Sampler sampler;
    private final CountDownLatch stopWanted = new CountDownLatch(1);
    private final CountDownLatch runnersLeft;
    private volatile boolean running;
    private volatile @Nullable Thread caller;

    /** Nothing of what it is given is closed by it. */
    public CrawlScope(ServiceSettings settings, DataFolder data, Scraper scraper, JobRegistries registries,
            Readers readers) {
        this.settings = settings;
        this.data = data;
        this.queue = new CrawlQueue(settings.maxQueuedCrawls());
        RunEnds ends = new RunEnds(data.history(), live);
        this.crawls = new Crawls(data, settings.bounds(), queue, live, ends, readers);
        this.retention = new Retention(data, crawls, settings.retention());
        this.recovery = new Recovery(data, crawls, queue, live, settings.resumeOnStart());
        this.sampler = new Sampler(live, data.history(), retention);
        this.runner = new CrawlRunner(scraper, data.history(), ends, live,
                new FetchShares(settings.concurrency(), settings.maxConcurrentCrawls()), registries,
                settings.maxBytesPerCrawl());
        this.runnersLeft = new CountDownLatch(settings.maxConcurrentCrawls());
    }

    public Crawls crawls() {
        return crawls;
    }

    /** Sees to what an earlier process has left, before {@link #run}. */
    public void recover() throws IOException {
        recovery.run();
        retention.run();
    }

    /**
     * Runs crawls until the service is asked to stop, and every crawl has ended.
     *
     * @throws InterruptedException if the calling thread is interrupted; every crawl has ended in order by then
     */
    public void run() throws InterruptedException {
        caller = Thread.currentThread();
        try (var scope = StructuredTaskScope.open(Joiner.<Void>awaitAllSuccessfulOrThrow(),
                configuration -> configuration.withName("service")
                        .withThreadFactory(Thread.ofVirtual().name("service-", 0).factory()))) {
            for (int i = 0; i < settings.maxConcurrentCrawls(); i++) {
                scope.fork(this::runCrawls);
            }
            scope.fork(() -> sampler.run(runnersLeft));
            scope.fork(this::endCrawlsOnStop);
            running = true;
            scope.join();
        }
        try {
            data.history().stopped();
        } catch (IOException e) {
            LOG.warn("the history does not know that the service has stopped in order", e);
        }
    }

    private Void runCrawls() throws InterruptedException {
        try {
            for (Optional<CrawlTask> next = queue.take(); next.isPresent(); next = queue.take()) {
                runner.run(next.get());
            }
            return null;
        } finally {
            runnersLeft.countDown();
        }
    }

    private Void endCrawlsOnStop() throws InterruptedException {
        stopWanted.await();
        live.all().forEach(task -> task.ask(Ending.DRAIN));
        try {
            data.history().draining();
        } catch (IOException e) {
            LOG.warn("the history does not know that crawls are being drained", e); // each says so itself
        }
        if (!runnersLeft.await(settings.shutdownGrace().toNanos(), TimeUnit.NANOSECONDS)) {
            live.all().forEach(task -> task.ask(Ending.NOW));
        }
        return null;
    }

    /** Takes no more crawls, and drains those that run; those that wait stay in the history. */
    public void stop() {
        live.stop();
        queue.close();
        stopWanted.countDown();
    }

    /** Stops without waiting for fetches in flight. */
    public void stopNow() {
        stop();
        live.all().forEach(task -> task.ask(Ending.NOW));
    }

    /** What runs at this moment, in lines for the log, each thread with its stack. */
    public List<String> remaining() {
        List<String> lines = new ArrayList<>();
        for (CrawlTask task : live.all()) {
            lines.addAll(task.remaining());
        }
        Thread waits = caller;
        if (waits != null) {
            lines.add(waits.getName() + ", which waits for them");
            Arrays.stream(waits.getStackTrace()).limit(STACK).forEach(frame -> lines.add("    at " + frame));
        }
        return lines;
    }

    /** Whether crawls are taken and run. */
    public boolean isReady() {
        return running && !live.isStopping();
    }

    /** Crawls that wait. */
    public int queued() {
        return queue.size();
    }

    public int queueCapacity() {
        return queue.capacity();
    }

    /** Crawls that run, by whether they are being drained. */
    public long running(boolean draining) {
        return live.all()
                .stream()
                .filter(task -> task.state() == (draining ? CrawlState.DRAINING : CrawlState.RUNNING))
                .count();
    }

    /** Crawls that are held. */
    public long held() {
        return live.all().stream().filter(task -> task.state() == CrawlState.HELD).count();
    }

    public long usedBytes() {
        return retention.usedBytes();
    }

    public long mostBytes() {
        return retention.mostBytes();
    }
}
