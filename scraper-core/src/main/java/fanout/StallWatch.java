package fanout;

import fanout.Stall.Culprit;
import fanout.internal.frontier.Frontier;
import fanout.internal.frontier.FrontierSnapshot;
import fanout.internal.task.Channel;
import fanout.internal.task.Deadline;
import fanout.internal.task.Signal;
import fanout.internal.task.TaskTree;
import fanout.internal.task.Ticker;
import fanout.report.CrawlReport.Auxiliary;
import fanout.report.CrawlReport.Sitemaps;
import fanout.report.TaskStanding;
import fanout.sink.Totals;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a crawl is stalled, and says what it stands at: once in the log, and the last one to a caller who asks.
 *
 * <p>It compares what the rooms of a crawl have completed, a few times in the span that a crawl may be without a
 * completion. Nothing is counted for its sake, and stacks are looked at only once there is something to report. It ends
 * nothing: what is stuck within its deadline is the deadline's to end.
 *
 * <p>An observer must not break what it observes. The watch has a thread of its own, outside the crawl's scope: a bug
 * in it ends the watch and is logged, and a log that blocks holds up nothing but this thread. {@link #close} waits for
 * it for a second.
 *
 * <p>{@link #latest} may be asked by any thread.
 */
final class StallWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StallWatch.class);
    private static final int LOOKS = 4;
    private static final Duration CLOSING = Duration.ofSeconds(1);

    private final String crawl;
    private final Frontier frontier;
    private final Channel<?> results;
    private final Totals totals;
    private final TaskTree tasks;
    private final Deadline deadline;
    private final Ticker ticker;
    private final long patience;
    private final Signal<Boolean> stop;
    private final Signal<Boolean> ended;
    private volatile @Nullable Stall latest;
    private volatile boolean reported;
    // Confined to the thread that watches.
    private @Nullable Pulse last;
    private long movedAt;

    StallWatch(String crawl, Frontier frontier, Channel<?> results, Totals totals, TaskTree tasks, Duration patience,
            Deadline deadline) {
        this.crawl = crawl;
        this.frontier = frontier;
        this.results = results;
        this.totals = totals;
        this.tasks = tasks;
        this.deadline = deadline;
        this.ticker = deadline.ticker();
        this.patience = patience.toNanos();
        this.stop = new Signal<>(ticker);
        this.ended = new Signal<>(ticker);
    }

    /** What has come to an end so far, one way or another: any change of it is progress. */
    private record Pulse(
            long taken,
            long retries,
            Auxiliary robots,
            Sitemaps sitemaps,
            Auxiliary logins,
            long arrived,
            long delivered) {}

    /** Starts the watch, on a thread of its own. */
    void start(ThreadFactory threads) {
        Thread thread = threads.newThread(this::run);
        thread.setName(crawl + " watch");
        thread.start();
    }

    private void run() {
        try {
            watch();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the thread ends here
        } catch (RuntimeException e) {
            LOG.error("{}: the watch for stalls has failed; the crawl continues without it", crawl, e);
        } finally {
            ended.set(true);
        }
    }

    private void watch() throws InterruptedException {
        do {
            look();
        } while (stop.await(Math.max(1, patience / LOOKS)).isEmpty());
    }

    /** Compares the crawl with what it was. */
    void look() {
        FrontierSnapshot urls = frontier.snapshot();
        Pulse now = pulse(urls);
        if (!now.equals(last) || !hasWork(urls)) {
            last = now;
            movedAt = ticker.nanos();
            reported = false;
        } else if (ticker.nanos() - movedAt >= patience) {
            Stall stall = stall(urls.urls(), Duration.ofNanos(ticker.nanos() - movedAt));
            latest = stall;
            if (!reported) {
                // Line by line, because many log formats escape line breaks within a message.
                stall.toString().lines().forEach(line -> LOG.warn("{}: {}", crawl, line));
                reported = true;
            }
        }
    }

    private Pulse pulse(FrontierSnapshot frontierNow) {
        FrontierSnapshot.Urls urls = frontierNow.urls();
        Totals.Snapshot sums = totals.snapshot();
        return new Pulse(urls.discovered() - urls.ready() - urls.delayed(), frontierNow.retries(), frontierNow.robots(),
                frontierNow.sitemaps(), frontierNow.logins(),
                sums.ok() + sums.redirected() + sums.failed() + sums.skipped() + sums.cancelled(), sums.delivered());
    }

    /** What only waits for its time is no work yet; what waits for another crawl is. */
    private boolean hasWork(FrontierSnapshot now) {
        return now.urls().ready() > 0 || now.urls().leased() > 0 || results.size() > 0 || frontier.isHeldByOthers();
    }

    private Stall stall(FrontierSnapshot.Urls urls, Duration lasted) {
        List<TaskStanding> standing = tasks.standing();
        int waiting = results.size();
        return new Stall(ticker.now(), lasted, urls.ready(), urls.leased(), waiting,
                Duration.ofNanos(deadline.remainingNanos()),
                new CulpritSearch(standing, urls.leased(), waiting, others()).culprit(), standing);
    }

    private Optional<Culprit.OtherCrawls> others() {
        return frontier.isHeldByOthers()
                ? Optional.of(new Culprit.OtherCrawls(frontier.heldByOthers().stream().map(HostProgress::of).toList()))
                : Optional.empty();
    }

    /** Whether the crawl is stalled at this moment, as far as the watch has looked. */
    boolean isStalled() {
        return reported;
    }

    /** The last stall as it was last seen; empty if there was none. */
    Optional<Stall> latest() {
        return Optional.ofNullable(latest);
    }

    /**
     * Ends the watch, and waits for its thread. If that is blocked, by the log, it is left behind after a second, and
     * the leak check names it. An interrupted caller waits, too, and stays interrupted: else a thread that is about to
     * end is taken for a leak.
     */
    @Override
    public void close() {
        stop.set(true);
        long until = ticker.nanos() + CLOSING.toNanos();
        boolean interrupted = false;
        while (ended.reason().isEmpty() && until - ticker.nanos() > 0) {
            try {
                ended.await(until - ticker.nanos());
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
