package fanout.frontier;

import fanout.outcome.CancelReason;
import fanout.outcome.Cancelled;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Outcome;
import fanout.queue.Pending;
import fanout.queue.Work;
import fanout.report.CrawlReport.Auxiliary;
import fanout.task.Stage;
import java.util.EnumMap;
import java.util.Map;

/** What the frontier counts. Guarded by the frontier's lock. */
final class Tally {

    long retries;
    int peakLeased;
    private long robotsOk;
    private long robotsFailed;
    private long sitemapsOk;
    private long sitemapsFailed;
    private final Map<Stage, Long> deadlineExceeded = new EnumMap<>(Stage.class);

    void auxiliaryEnded(Work work, boolean ok) {
        switch (work) {
            case Work.FetchRobots _ -> {
                robotsOk += ok ? 1 : 0;
                robotsFailed += ok ? 0 : 1;
            }
            case Work.FetchSitemap _ -> {
                sitemapsOk += ok ? 1 : 0;
                sitemapsFailed += ok ? 0 : 1;
            }
            case Work.FetchPage _,Work.Settle _ -> throw new IllegalArgumentException("not auxiliary: " + work);
        }
    }

    /** Counts an outcome that a deadline caused, by the stage that spent it. */
    void deadlines(Outcome outcome) {
        if (outcome instanceof Failed failed) {
            deadlines(failed.failure());
        } else if (outcome instanceof Cancelled cancelled && cancelled.why() == CancelReason.DEADLINE) {
            deadlineExceeded.merge(cancelled.stage(), 1L, Long::sum);
        }
    }

    void deadlines(Failure failure) {
        if (failure instanceof Failure.TimedOut timedOut) {
            deadlineExceeded.merge(timedOut.stage(), 1L, Long::sum);
        }
    }

    /** Counts a URL that the crawl's deadline found waiting. */
    void leftBehind(Pending pending, CancelReason why, Stage stage) {
        if (why == CancelReason.DEADLINE && pending.last() == null) {
            deadlineExceeded.merge(stage, 1L, Long::sum);
        }
    }

    Map<Stage, Long> deadlineExceeded() {
        return deadlineExceeded;
    }

    Auxiliary robots() {
        return new Auxiliary(robotsOk, robotsFailed);
    }

    Auxiliary sitemaps() {
        return new Auxiliary(sitemapsOk, sitemapsFailed);
    }
}
