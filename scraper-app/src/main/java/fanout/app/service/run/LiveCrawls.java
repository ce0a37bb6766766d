package fanout.app.service.run;

import fanout.app.metrics.JobRegistries;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The crawls that wait or run, by their ids, and whether the service stops. Thread-safe. */
public final class LiveCrawls {

    private final Map<String, CrawlTask> tasks = new ConcurrentHashMap<>();
    private final CountDownLatch stops = new CountDownLatch(1);
    private final JobRegistries registries;

    /** @param registries get the meters of a job, at 0, when a crawl of it begins to wait */
    public LiveCrawls(JobRegistries registries) {
        this.registries = registries;
    }

    /** Takes the place of an earlier run of the same crawl, which has ended. */
    public void add(CrawlTask task) {
        registries.ofJob(task.job().name());
        tasks.put(task.id(), task);
    }

    /** Removes a run that has ended, unless a later one of the same crawl has taken its place. */
    void remove(CrawlTask task) {
        tasks.remove(task.id(), task);
    }

    public Optional<CrawlTask> find(String id) {
        return Optional.ofNullable(tasks.get(id));
    }

    public List<CrawlTask> all() {
        return List.copyOf(tasks.values());
    }

    public void stop() {
        stops.countDown();
    }

    public boolean isStopping() {
        return stops.getCount() == 0;
    }

    /** Waits for the service to stop; returns whether it does. */
    boolean awaitStop(Duration most) throws InterruptedException {
        return stops.await(most.toNanos(), TimeUnit.NANOSECONDS);
    }
}
