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
import fanout.app.store.JobEnd;
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
 * The scope under which all crawls of the service run, one after the other in each runner's task, each in a scope of
 * its own.
 *
 * <pre>
 * service scope
 *   ├─ runner 1 … maxConcurrentCrawls: the next crawl of the queue, to its end
 *   ├─ sampler: every quarter of a second, what was committed; every second, the figures of what runs, which
 *   │  every other second are kept; every minute, what must be deleted
 *   └─ stopper: once the service is asked to stop, drains, and after the grace cancels
 * </pre>
 *
 * <p>{@link #run} is called once and blocks its caller until all of these have ended; {@link #stop} and
 * {@link #stopNow} may be called from any thread, again and again.
 */
public final class CrawlScope {

    private static final Logger LOG = LoggerFactory.getLogger(CrawlScope.class);

    private static final int STACK = 12;
    /**
     * Jobs of earlier processes that have a label of their own from the start: half of all labels, so new jobs get one,
     * too.
     */
    private static final int JOBS_SHOWN = 25;

    private final ServiceSettings settings;
    private final DataFolder data;
    private final CrawlQueue queue;
    private final LiveCrawls live;
    private final JobRegistries registries;
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
        this.registries = registries;
        this.live = new LiveCrawls(registries);
        RunEnds ends = new RunEnds(data.history(), live, registries);
        this.crawls = new Crawls(data, settings.bounds(), queue, live, ends, readers);
        this.retention = new Retention(data, crawls, settings.retention());
        this.recovery = new Recovery(data, crawls, queue, live, ends, settings.resumeOnStart());
        this.sampler = new Sampler(live, data.history(), retention);
        this.runner = new CrawlRunner(scraper, data.history(), ends, live,
                new FetchShares(settings.concurrency(), settings.maxConcurrentCrawls()), registries,
                Math.min(settings.maxBytesPerCrawl(), settings.retention().maxBytes()));
        this.runnersLeft = new CountDownLatch(settings.maxConcurrentCrawls());
    }

    public Crawls crawls() {
        return crawls;
    }

    /** Sees to what an earlier process has left, before {@link #run}. */
    public void recover() throws IOException {
        new FoundCrawls(data, new StoredJobs(data, settings.bounds())).run();
        showJobs();
        recovery.run();
        retention.run();
    }

    /**
     * A job that has not run since the start has its meters, too: an alert must not end with the process that it is
     * about.
     */
    private void showJobs() throws IOException {
        for (JobEnd job : data.history().jobs(JOBS_SHOWN)) {
            registries.ofJob(job.job());
            job.success().ifPresent(at -> registries.lastSuccess(job.job(), at));
            job.pages().ifPresent(pages -> registries.lastPages(job.job(), pages));
        }
    }

    /**
     * Runs crawls until the service is asked to stop, and every crawl has ended.
     *
     * @param ready runs once, when crawls are taken and run
     * @throws InterruptedException if the calling thread is interrupted; every crawl has ended in order by then
     */
    public void run(Runnable ready) throws InterruptedException {
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
            ready.run();
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

    /** Why no crawls are taken and run; empty if they are. */
    public Optional<String> whyNotReady() {
        if (live.isStopping()) {
            return Optional.of("the service stops");
        }
        return running ? data.problem() : Optional.of("the service starts");
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

    /** Crawls that were deleted for a reason since the service began. */
    public long deleted(Crawls.DeletedFor why) {
        return crawls.deleted(why);
    }

    public long usedBytes() {
        return retention.usedBytes();
    }

    public long freeBytes() {
        return data.freeBytes();
    }

    public long mostBytes() {
        return retention.mostBytes();
    }
}
