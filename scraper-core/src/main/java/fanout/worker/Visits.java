package fanout.worker;

import fanout.fetch.Fetcher;
import fanout.frontier.Finding;
import fanout.frontier.Finding.PageFinding;
import fanout.frontier.Work;
import fanout.frontier.Work.FetchPage;
import fanout.frontier.Work.FetchRobots;
import fanout.frontier.Work.FetchSitemap;
import fanout.host.Answer;
import fanout.job.CrawlJob;
import fanout.page.CancelReason;
import fanout.page.Cancelled;
import fanout.page.Trail;
import fanout.parse.PageParser;
import fanout.task.Stage;
import fanout.task.Ticker;
import java.util.List;
import java.util.Optional;

/** One visit: fetch, then parse what was fetched, and say what was found. Immutable, shared by all workers. */
final class Visits {

    private final PageVisits pages;
    private final ErrandVisits errands;

    Visits(CrawlJob job, Fetcher fetcher, PageParser parser, Ticker ticker) {
        Fetching fetching = new Fetching(fetcher, ticker, job.limits().requestTimeout());
        this.pages = new PageVisits(job, fetching, parser);
        this.errands = new ErrandVisits(job, fetching);
    }

    /** Does a piece of work. */
    Finding visit(Work work, Step step) throws InterruptedException {
        return switch (work) {
            case FetchPage page -> pages.visit(page, step);
            case FetchRobots robots -> errands.visit(robots, step);
            case FetchSitemap sitemap -> errands.visit(sitemap, step);
        };
    }

    /** What is said of work that was interrupted. */
    static Finding givenUp(Work work, CancelReason why, Stage stage) {
        return switch (work) {
            case FetchPage page -> {
                Trail trail = new Trail(page.attempts() + 1, page.redirects(), Optional.empty());
                yield new PageFinding(new Cancelled(page.request(), trail, why, stage), List.of(), 0, Answer.NONE);
            }
            case FetchRobots _,FetchSitemap _ -> new Finding.GivenUp(Answer.NONE);
        };
    }
}
