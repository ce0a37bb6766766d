package fanout.internal.frontier;

import fanout.internal.host.HostState;
import fanout.internal.host.LabelShares;
import fanout.internal.host.Pending;
import fanout.internal.host.Work;
import fanout.outcome.CancelReason;
import fanout.outcome.Cancelled;
import fanout.outcome.Change;
import fanout.outcome.Counts;
import fanout.outcome.Failure;
import fanout.outcome.Outcome;
import fanout.outcome.Reason;
import fanout.outcome.Stage;
import fanout.report.CrawlReport.Auxiliary;
import fanout.report.CrawlReport.Cut;
import fanout.report.CrawlReport.FailedSitemap;
import fanout.report.CrawlReport.Sitemaps;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What the frontier counts. Guarded by the frontier's lock. */
final class Tally {

    /** So many of the sitemaps that failed are named in the report. */
    private static final int MOST_FAILED_SITEMAPS = 20;

    long retries;
    private long robotsOk;
    private long robotsFailed;
    private long sitemapsOk;
    private long sitemapsFailed;
    private long loginsOk;
    private long loginsFailed;
    private final List<FailedSitemap> failedSitemaps = new ArrayList<>();
    private int earlierPeak;
    private long robotsGivenUp;
    private long sitemapsGivenUp;
    /** Never changed, but replaced: every step refers to it. */
    private Map<Stage, Long> deadlineExceeded = Map.of();
    /** By the deadline of the crawl itself, of URLs that are still to be fetched if it resumes. */
    private final Map<Stage, Long> exceededAtEnd = new EnumMap<>(Stage.class);
    private final CutPages cut = new CutPages();
    private final Consumer<Change> changes;

    /** @param changes told of sitemaps that were read, or will not be */
    Tally(Consumer<Change> changes) {
        this.changes = changes;
    }

    void auxiliaryRead(Work work) {
        switch (work) {
            case Work.FetchRobots _ -> robotsOk++;
            case Work.FetchSitemap sitemap -> {
                sitemapsOk++;
                changes.accept(new Change.SitemapEnded(sitemap.url(), Optional.empty(), ""));
            }
            case Work.FetchPage _,Work.LogIn _ -> throw notAuxiliary(work);
        }
    }

    /** A login has ended, with a session or without. */
    void login(boolean ok) {
        loginsOk += ok ? 1 : 0;
        loginsFailed += ok ? 0 : 1;
    }

    void auxiliaryFailed(Work work, Failure failure) {
        auxiliaryFailed(work, failure.reason(), failure.detail());
    }

    void auxiliaryFailed(Work work, Reason reason, String detail) {
        switch (work) {
            case Work.FetchRobots _ -> robotsFailed++;
            case Work.FetchSitemap sitemap -> {
                sitemapsFailed++;
                Change.SitemapEnded ended = new Change.SitemapEnded(sitemap.url(), Optional.of(reason), detail);
                failed(ended);
                changes.accept(ended);
            }
            case Work.FetchPage _,Work.LogIn _ -> throw notAuxiliary(work);
        }
    }

    /** A fetch ends because the crawl does: if that resumes, it is made again. */
    void auxiliaryGivenUp(Work work, Reason reason, String detail) {
        switch (work) {
            case Work.FetchRobots _ -> robotsGivenUp++;
            case Work.FetchSitemap sitemap -> {
                sitemapsGivenUp++;
                failed(new Change.SitemapEnded(sitemap.url(), Optional.of(reason), detail));
            }
            case Work.FetchPage _,Work.LogIn _ -> throw notAuxiliary(work);
        }
    }

    private void failed(Change.SitemapEnded ended) {
        if (failedSitemaps.size() < MOST_FAILED_SITEMAPS) {
            ended.reason()
                    .ifPresent(
                            why -> failedSitemaps.add(new FailedSitemap(ended.url().toString(), why, ended.detail())));
        }
    }

    /** What earlier runs of the crawl have counted. */
    void restore(Counts counts) {
        retries = counts.retries();
        earlierPeak = counts.peakLeased();
        robotsOk = counts.robotsOk();
        robotsFailed = counts.robotsFailed();
        sitemapsOk = counts.sitemapsOk();
        sitemapsFailed = counts.sitemapsFailed();
        deadlineExceeded = counts.deadlineExceeded();
    }

    /** A sitemap that has ended in an earlier run. */
    void restore(Change.SitemapEnded ended) {
        failed(ended);
    }

    /** What is counted by now, except what will be done again if the crawl resumes. */
    Counts counts(Admission admission, int peakLeased) {
        return new Counts(admission.duplicates(), admission.outOfScope(), admission.dropped(), retries, robotsOk,
                robotsFailed, sitemapsOk, sitemapsFailed, peak(peakLeased), deadlineExceeded);
    }

    /** The most that workers held at once, in this run and in earlier ones. */
    int peak(int ofThisRun) {
        return Math.max(earlierPeak, ofThisRun);
    }

    private static IllegalArgumentException notAuxiliary(Work work) {
        return new IllegalArgumentException("not auxiliary: " + work);
    }

    /** Counts an attempt's deadline, by the stage that it was in. */
    void deadlines(Failure failure) {
        if (failure instanceof Failure.TimedOut timedOut) {
            Map<Stage, Long> more = new EnumMap<>(Stage.class);
            more.putAll(deadlineExceeded);
            more.merge(timedOut.stage(), 1L, Long::sum);
            deadlineExceeded = Collections.unmodifiableMap(more);
        }
    }

    /** Counts a page that the crawl's deadline found in flight, by the stage that it was in. */
    void deadlines(Outcome outcome) {
        if (outcome instanceof Cancelled cancelled && cancelled.why() == CancelReason.DEADLINE) {
            exceededAtEnd.merge(cancelled.stage(), 1L, Long::sum);
        }
    }

    /** Counts a URL that the crawl's deadline found waiting. */
    void leftBehind(Pending pending, CancelReason why, Stage stage) {
        if (why == CancelReason.DEADLINE && pending.last() == null) {
            exceededAtEnd.merge(stage, 1L, Long::sum);
        }
    }

    /** Counts a page that is skipped since its host has as many as it may. */
    void cut(HostState host) {
        cut.skipped(host);
    }

    /** Counts a page that is skipped since its label has as many as it may. */
    void cut(LabelShares.Count label) {
        cut.skipped(label);
    }

    /** What was cut off until now. */
    Cut cut() {
        return cut.counted();
    }

    Map<Stage, Long> deadlineExceeded() {
        if (exceededAtEnd.isEmpty()) {
            return deadlineExceeded;
        }
        Map<Stage, Long> all = new EnumMap<>(exceededAtEnd);
        deadlineExceeded.forEach((stage, count) -> all.merge(stage, count, Long::sum));
        return all;
    }

    Auxiliary robots() {
        return new Auxiliary(robotsOk, robotsFailed + robotsGivenUp);
    }

    /** The logins of this run: another one logs in for itself. */
    Auxiliary logins() {
        return new Auxiliary(loginsOk, loginsFailed);
    }

    Sitemaps sitemaps() {
        return new Sitemaps(sitemapsOk, sitemapsFailed + sitemapsGivenUp, failedSitemaps);
    }
}
