package fanout.worker;

import fanout.fetch.Fetcher;
import fanout.frontier.LeaseResult;
import fanout.frontier.LeaseResult.PageResult;
import fanout.host.HostFeedback;
import fanout.host.Work;
import fanout.host.Work.FetchPage;
import fanout.host.Work.FetchRobots;
import fanout.host.Work.FetchSitemap;
import fanout.job.CrawlJob;
import fanout.outcome.CancelReason;
import fanout.outcome.Cancelled;
import fanout.page.Trail;
import fanout.parse.PageParser;
import fanout.task.Stage;
import fanout.task.Ticker;
import java.util.List;
import java.util.Optional;

/** Does a piece of work: each kind its own way. Immutable, shared by all workers. */
final class Visits {

    private final PageVisits pages;
    private final AuxiliaryVisits auxiliary;

    Visits(CrawlJob job, Fetcher fetcher, PageParser parser, Ticker ticker) {
        Fetching fetching = new Fetching(fetcher, ticker, job.limits().requestTimeout());
        this.pages = new PageVisits(job, fetching, parser);
        this.auxiliary = new AuxiliaryVisits(job, fetching);
    }

    /** Does a piece of work. */
    LeaseResult visit(Work work, LeaseProgress progress) throws InterruptedException {
        return switch (work) {
            case FetchPage page -> pages.visit(page, progress);
            case FetchRobots robots -> auxiliary.visit(robots, progress);
            case FetchSitemap sitemap -> auxiliary.visit(sitemap, progress);
        };
    }

    /** The result of work that was interrupted. */
    static LeaseResult cancelled(Work work, CancelReason why, Stage stage) {
        return switch (work) {
            case FetchPage page -> {
                Trail trail = new Trail(page.attempts() + 1, page.redirects(), Optional.empty());
                yield new PageResult(new Cancelled(page.request(), trail, why, stage), List.of(), 0,
                        HostFeedback.NONE);
            }
            case FetchRobots _,FetchSitemap _ -> new LeaseResult.GivenUp(HostFeedback.NONE);
        };
    }
}
