package fanout.worker;

import static fanout.worker.Fetching.answer;
import static fanout.worker.Fetching.target;

import fanout.fetch.Fetch;
import fanout.fetch.FetchRequest;
import fanout.fetch.FetchRequest.Overflow;
import fanout.frontier.LeaseResult;
import fanout.frontier.LeaseResult.Missed;
import fanout.frontier.LeaseResult.Moved;
import fanout.frontier.LeaseResult.RobotsFound;
import fanout.frontier.LeaseResult.SitemapFound;
import fanout.host.RobotsRules;
import fanout.host.Work.FetchRobots;
import fanout.host.Work.FetchSitemap;
import fanout.job.CrawlJob;
import fanout.outcome.Failure;
import fanout.page.ResponseHead;
import fanout.robots.RobotsReader;
import fanout.sitemap.SitemapReader;
import fanout.task.Deadline;
import fanout.task.Stage;
import fanout.url.CanonicalUrl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches that serve the crawl and are not pages: robots.txt and sitemaps. Immutable. */
final class AuxiliaryVisits {

    private static final Logger LOG = LoggerFactory.getLogger(AuxiliaryVisits.class);

    /** One more byte shows that a file is longer. */
    private static final int ROBOTS_BYTES = RobotsReader.MOST_BYTES + 1;
    /** The sitemap protocol's limit. */
    private static final long SITEMAP_BYTES = 50L << 20;

    private static final String ACCEPT_ROBOTS = "text/plain,text/html;q=0.9,*/*;q=0.8";
    private static final String ACCEPT_SITEMAP = "application/xml,text/xml,text/plain;q=0.9,*/*;q=0.8";

    private final Fetching fetching;
    private final RobotsReader robotsReader;
    private final SitemapReader sitemapReader = new SitemapReader();
    private final long maxSitemapBytes;

    AuxiliaryVisits(CrawlJob job, Fetching fetching) {
        this.fetching = fetching;
        this.robotsReader = new RobotsReader(job.http().userAgent());
        this.maxSitemapBytes = Math.max(job.limits().maxBodyBytes(), SITEMAP_BYTES);
    }

    LeaseResult visit(FetchRobots robots, LeaseProgress progress) throws InterruptedException {
        FetchRequest request =
                new FetchRequest(robots.url(), ACCEPT_ROBOTS, ResponseHead::isSuccess, ROBOTS_BYTES, Overflow.TRUNCATE);
        try (Fetch fetch = fetching.fetch(request, progress)) {
            return switch (fetch) {
                case Fetch.NoResponse none -> missed(none);
                case Fetch.Response response when response.head().isSuccess() ->
                        new RobotsFound(rules(robots.url(), response.body()), answer(response));
                case Fetch.Response response when isWithheld(response.head()) -> missed(response);
                case Fetch.Response response when Fetching.isRedirect(response.head()) -> target(robots.url(), response)
                        .<LeaseResult>map(target -> new Moved(target, answer(response)))
                        .orElseGet(() -> new RobotsFound(RobotsRules.ALLOW_ALL, answer(response)));
                case Fetch.Response response -> new RobotsFound(RobotsRules.ALLOW_ALL, answer(response));
            };
        }
    }

    private RobotsRules rules(CanonicalUrl url, byte[] body) {
        if (body.length > RobotsReader.MOST_BYTES) {
            LOG.warn("{} is longer than 512 KiB: its first 512 KiB count, up to the end of their last whole line", url);
        }
        return robotsReader.read(url, body);
    }

    /** RFC 9309, section 2.3.1: a host that cannot say allows nothing, one that has nothing to say allows everything. */
    private static boolean isWithheld(ResponseHead head) {
        return head.status() == 429 || head.status() >= 500;
    }

    LeaseResult visit(FetchSitemap sitemap, LeaseProgress progress) throws InterruptedException {
        FetchRequest request = new FetchRequest(sitemap.url(), ACCEPT_SITEMAP, ResponseHead::isSuccess, maxSitemapBytes,
                Overflow.FAIL);
        try (Fetch fetch = fetching.fetch(request, progress)) {
            return switch (fetch) {
                case Fetch.NoResponse none -> missed(none);
                case Fetch.Response response when response.head().isSuccess() -> read(response, progress);
                case Fetch.Response response when Fetching.isRedirect(response.head()) ->
                        target(sitemap.url(), response)
                                .<LeaseResult>map(target -> new Moved(target, answer(response)))
                                .orElseGet(() -> new Missed(Fetching.badRedirect(response), answer(response)));
                case Fetch.Response response -> missed(response);
            };
        }
    }

    private LeaseResult read(Fetch.Response response, LeaseProgress progress) throws InterruptedException {
        SitemapReader.Result result = fetching.inTime(() -> {
            progress.entered(Stage.PARSE);
            return sitemapReader.read(response.body(), response.contentType());
        });
        return switch (result) {
            case SitemapReader.Result.Read read -> new SitemapFound(read.content().pages(), read.content().sitemaps(),
                    read.content().dropped(), read.flaw(), answer(response));
            case SitemapReader.Result.Unread unread -> new Missed(unread.failure(), answer(response));
        };
    }

    /** What the job's own deadline cuts short says nothing about the host, nor about the pages that wait for it. */
    private static LeaseResult missed(Fetch.NoResponse none) {
        return none.failure() instanceof Failure.TimedOut && Deadline.current().hasPassed()
                ? new LeaseResult.GivenUp(answer(none))
                : new Missed(none.failure(), answer(none));
    }

    private static LeaseResult missed(Fetch.Response response) {
        return new Missed(new Failure.HttpStatus(response.head().status()), answer(response));
    }
}
