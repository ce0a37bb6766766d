package fanout.frontier;

import fanout.outcome.CancelReason;
import fanout.outcome.Cancelled;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Outcome;
import fanout.outcome.Reason;
import fanout.queue.Pending;
import fanout.queue.Work;
import fanout.report.CrawlReport.Auxiliary;
import fanout.report.CrawlReport.FailedSitemap;
import fanout.report.CrawlReport.Sitemaps;
import fanout.task.Stage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What the frontier counts. Guarded by the frontier's lock. */
final class Tally {

    /** So many of the sitemaps that failed are named in the report. */
    private static final int MOST_FAILED_SITEMAPS = 20;

    long retries;
    private long robotsOk;
    private long robotsFailed;
    private long sitemapsOk;
    private long sitemapsFailed;
    private final List<FailedSitemap> failedSitemaps = new ArrayList<>();
    private final Map<Stage, Long> deadlineExceeded = new EnumMap<>(Stage.class);

    void auxiliaryRead(Work work) {
        switch (work) {
            case Work.FetchRobots _ -> robotsOk++;
            case Work.FetchSitemap _ -> sitemapsOk++;
            case Work.FetchPage _,Work.Decide _ -> throw notAuxiliary(work);
        }
    }

    void auxiliaryFailed(Work work, Failure failure) {
        auxiliaryFailed(work, failure.reason(), failure.detail());
    }

    void auxiliaryFailed(Work work, Reason reason, String detail) {
        switch (work) {
            case Work.FetchRobots _ -> robotsFailed++;
            case Work.FetchSitemap sitemap -> {
                sitemapsFailed++;
                if (failedSitemaps.size() < MOST_FAILED_SITEMAPS) {
                    failedSitemaps.add(new FailedSitemap(sitemap.url().toString(), reason, detail));
                }
            }
            case Work.FetchPage _,Work.Decide _ -> throw notAuxiliary(work);
        }
    }

    private static IllegalArgumentException notAuxiliary(Work work) {
        return new IllegalArgumentException("not auxiliary: " + work);
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

    Sitemaps sitemaps() {
        return new Sitemaps(sitemapsOk, sitemapsFailed, failedSitemaps);
    }
}
