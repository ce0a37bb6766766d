package fanout.app.service.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.json.Json;
import fanout.app.metrics.CrawlResult;
import fanout.app.metrics.JobRegistries;
import fanout.app.store.CrawlEnd;
import fanout.app.store.CrawlRecord;
import fanout.app.store.CrawlState;
import fanout.app.store.History;
import fanout.app.store.JobEnd;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes into the history that runs were asked to end, and that they have ended, which meters and log are told, too.
 * The former comes before the latter, or not at all. A crawl resumes after its end only, so no later run of it is taken
 * for the one that was asked.
 *
 * <p>Thread-safe. The lock is held for the statements of the history that end a crawl: the task and the history must
 * change together. The history has a lock of its own, which is held for as long.
 */
public final class RunEnds {

    private static final Logger LOG = LoggerFactory.getLogger(RunEnds.class);
    private static final Duration BEFORE_NEXT_TRY = Duration.ofSeconds(1);

    private final History history;
    private final LiveCrawls live;
    private final ReentrantLock lock = new ReentrantLock();

    private final JobRegistries registries;

    public RunEnds(History history, LiveCrawls live, JobRegistries registries) {
        this.history = history;
        this.live = live;
        this.registries = registries;
    }

    /**
     * How an end is told to those who operate the service.
     *
     * @param overQuota whether the crawl ended because it reached {@code maxBytesPerCrawl}
     */
    record Told(CrawlResult result, boolean overQuota) {}

    /** A person asks a run to end; false if it does not run. */
    public boolean cancel(CrawlTask task, Ending ending) throws IOException {
        boolean runs;
        lock.lock();
        try {
            runs = task.cancel(ending);
            if (runs) {
                history.endWanted(task.id());
            }
        } finally {
            lock.unlock();
        }
        if (runs) {
            CrawlLog.cancelled(task.id(), task.job().name(), switch (ending) {
                case NONE -> throw new IllegalArgumentException("asks for no end");
                case DRAIN -> "fetches in flight may end";
                case NOW -> "fetches in flight are given up";
            });
        }
        return runs;
    }

    /**
     * A person asks a crawl to end that waits or is held; false if it does not. If the history cannot take it, it does
     * so again.
     */
    public boolean cancelQueued(CrawlTask task) throws IOException {
        Optional<CrawlState> waited = task.leaveQueue();
        if (waited.isEmpty()) {
            return false;
        }
        CrawlLog.cancelled(task.id(), task.job().name(), "it has not begun");
        try {
            write(task, new CrawlEnd(CrawlState.CANCELLED, Instant.now(), Optional.empty(), Optional.empty(),
                    Optional.empty(), task.folder().bytes()), new Told(CrawlResult.CANCELLED, false));
        } catch (IOException e) {
            task.waitAgain(waited.get());
            throw e;
        }
        live.remove(task);
        return true;
    }

    /**
     * A person continues a crawl that is held: it waits for its turn from now on. If the history cannot take it, it
     * stays held.
     *
     * @return false if it is not held
     */
    public boolean continueHeld(CrawlTask task) throws IOException {
        if (!task.leaveHold()) {
            return false;
        }
        try {
            return history.continued(task.id()); // or it was cancelled meanwhile
        } catch (IOException e) {
            task.holdAgain();
            throw e;
        }
    }

    /**
     * A run has ended. Until the history has it the crawl has not, so it is written again and again: a disk that is
     * full may have room later. Given up when the service stops, or the thread is interrupted.
     *
     * @param once whether it is tried once only
     */
    void ended(CrawlTask task, CrawlEnd end, Told told, boolean once) {
        boolean last = once;
        for (boolean first = true;; first = false) {
            try {
                write(task, end, told);
                return;
            } catch (IOException e) {
                if (first) {
                    LOG.error("the end of crawl {} cannot be written", task.id(), e);
                }
            }
            if (last) {
                LOG.error("the end of crawl {} is not written; the next start of the service sees to it", task.id());
                return;
            }
            last = serviceStops();
        }
    }

    private void write(CrawlTask task, CrawlEnd end, Told told) throws IOException {
        write(task.id(), task.job().name(), end, told, end.progress(), () -> task.end(end.state()));
    }

    /** A crawl that an earlier process has left can only end: by this, or as it did without a word in the history. */
    public void endedEarlier(CrawlRecord crawl, CrawlEnd end, CrawlResult result) throws IOException {
        write(crawl.id(), crawl.name(), end, new Told(result, false),
                end.progress().or(crawl::progress), // those of its last look, if it has no report
                () -> {});
    }

    /**
     * The job first: if the process ends between the two, the crawl ends once more after the next start.
     *
     * @param then changes the task at the same time
     */
    private void write(String id, String job, CrawlEnd end, Told told, Optional<String> figures, Runnable then)
            throws IOException {
        Optional<Instant> success = Optional.of(end.at()).filter(_ -> told.result() == CrawlResult.SUCCESS);
        lock.lock();
        try {
            history.jobEnded(new JobEnd(job, end.at(), success, pages(figures), end.verdict().figures()));
            history.ended(id, end);
            then.run();
        } finally {
            lock.unlock();
        }
        registries.ended(job, told.result(), told.overQuota(), end.at());
        pages(figures).ifPresent(pages -> registries.lastPages(job, pages));
        CrawlLog.ended(id, job, end, told.result(), figures);
    }

    private static Optional<Long> pages(Optional<String> figures) {
        return figures.flatMap(text -> Json.read(text.getBytes(UTF_8))).map(json -> json.path("ok").asLong());
    }

    /** Whether it does before the next try. */
    private boolean serviceStops() {
        try {
            return live.awaitStop(BEFORE_NEXT_TRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // for who runs the crawl
            return true;
        }
    }
}
