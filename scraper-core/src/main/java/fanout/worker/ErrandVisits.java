package fanout.worker;

import static fanout.worker.Fetching.answer;
import static fanout.worker.Fetching.target;

import fanout.fetch.Fetch;
import fanout.fetch.FetchRequest;
import fanout.fetch.FetchRequest.Overflow;
import fanout.frontier.Finding;
import fanout.frontier.Finding.Missed;
import fanout.frontier.Finding.Moved;
import fanout.frontier.Finding.RobotsFound;
import fanout.frontier.Finding.SitemapFound;
import fanout.frontier.Work.FetchRobots;
import fanout.frontier.Work.FetchSitemap;
import fanout.host.RobotsRules;
import fanout.job.CrawlJob;
import fanout.page.Failure;
import fanout.page.ResponseHead;
import fanout.parse.RobotsReader;
import fanout.parse.SitemapReader;
import fanout.task.Deadline;
import fanout.task.Stage;

/** Fetches that serve the crawl and are not pages: robots.txt and sitemaps. Immutable. */
final class ErrandVisits {

    /** RFC 9309, section 2.5: at least 500 kibibytes. */
    private static final int ROBOTS_BYTES = 512 << 10;
    /** The sitemap protocol's limit. */
    private static final long SITEMAP_BYTES = 50L << 20;
    /** Two sitemaps at once are held whole while they are read, and twice for a moment; a small heap must bear that. */
    private static final int HEAP_SHARE = 16;

    private final Fetching fetching;
    private final RobotsReader robotsReader;
    private final SitemapReader sitemapReader = new SitemapReader();
    private final long maxSitemapBytes;

    ErrandVisits(CrawlJob job, Fetching fetching) {
        this.fetching = fetching;
        this.robotsReader = new RobotsReader(job.http().userAgent());
        this.maxSitemapBytes = Math.max(job.limits().maxBodyBytes(),
                Math.min(SITEMAP_BYTES, Runtime.getRuntime().maxMemory() / HEAP_SHARE));
    }

    Finding visit(FetchRobots robots, Step step) throws InterruptedException {
        FetchRequest request = new FetchRequest(robots.url(), ResponseHead::isSuccess, ROBOTS_BYTES, Overflow.TRUNCATE);
        return switch (fetching.fetch(request, step)) {
            case Fetch.NoResponse none -> missed(none);
            case Fetch.Response response when response.head().isSuccess() ->
                    new RobotsFound(robotsReader.read(robots.url(), response.body()), answer(response));
            case Fetch.Response response when isWithheld(response.head()) -> missed(response);
            case Fetch.Response response when Fetching.isRedirect(response.head()) -> target(robots.url(), response)
                    .<Finding>map(target -> new Moved(target, answer(response)))
                    .orElseGet(() -> new RobotsFound(RobotsRules.ALLOW_ALL, answer(response)));
            case Fetch.Response response -> new RobotsFound(RobotsRules.ALLOW_ALL, answer(response));
        };
    }

    /** RFC 9309, section 2.3.1: a host that cannot say allows nothing, one that has nothing to say allows everything. */
    private static boolean isWithheld(ResponseHead head) {
        return head.status() == 429 || head.status() >= 500;
    }

    Finding visit(FetchSitemap sitemap, Step step) throws InterruptedException {
        FetchRequest request = new FetchRequest(sitemap.url(), ResponseHead::isSuccess, maxSitemapBytes, Overflow.FAIL);
        return switch (fetching.fetch(request, step)) {
            case Fetch.NoResponse none -> missed(none);
            case Fetch.Response response when response.head().isSuccess() -> read(response, step);
            case Fetch.Response response when Fetching.isRedirect(response.head()) -> target(sitemap.url(), response)
                    .<Finding>map(target -> new Moved(target, answer(response)))
                    .orElseGet(() -> missed(response));
            case Fetch.Response response -> missed(response);
        };
    }

    private Finding read(Fetch.Response response, Step step) throws InterruptedException {
        SitemapReader.Result result = fetching.inTime(() -> {
            step.entered(Stage.PARSE);
            return sitemapReader.read(response.body());
        });
        return switch (result) {
            case SitemapReader.Result.Read read -> new SitemapFound(read.content().pages(), read.content().sitemaps(),
                    read.content().dropped(), answer(response));
            case SitemapReader.Result.Unread unread -> new Missed(unread.failure(), answer(response));
        };
    }

    /** What the job's own deadline cuts short says nothing about the host, nor about the pages that wait for it. */
    private static Finding missed(Fetch.NoResponse none) {
        return none.failure() instanceof Failure.TimedOut && Deadline.current().hasPassed()
                ? new Finding.GivenUp(answer(none))
                : new Missed(none.failure(), answer(none));
    }

    private static Finding missed(Fetch.Response response) {
        return new Missed(new Failure.HttpStatus(response.head().status()), answer(response));
    }
}
