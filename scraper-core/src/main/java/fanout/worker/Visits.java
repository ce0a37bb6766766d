package fanout.worker;

import fanout.fetch.Fetch;
import fanout.fetch.FetchRequest;
import fanout.fetch.FetchRequest.Overflow;
import fanout.fetch.Fetcher;
import fanout.frontier.Finding;
import fanout.frontier.Finding.Missed;
import fanout.frontier.Finding.Moved;
import fanout.frontier.Finding.PageFinding;
import fanout.frontier.Finding.RobotsFound;
import fanout.frontier.Finding.SitemapFound;
import fanout.frontier.Work;
import fanout.frontier.Work.FetchPage;
import fanout.frontier.Work.FetchRobots;
import fanout.frontier.Work.FetchSitemap;
import fanout.host.Answer;
import fanout.host.RetryAfter;
import fanout.host.RobotsRules;
import fanout.host.Verdict;
import fanout.job.CrawlJob;
import fanout.page.Attempt;
import fanout.page.CancelReason;
import fanout.page.Cancelled;
import fanout.page.Content;
import fanout.page.Failed;
import fanout.page.Failure;
import fanout.page.Fetched;
import fanout.page.Outcome;
import fanout.page.Redirected;
import fanout.page.ResponseHead;
import fanout.page.Trail;
import fanout.parse.PageParser;
import fanout.parse.ParseResult;
import fanout.parse.RawPage;
import fanout.parse.RobotsReader;
import fanout.parse.SitemapReader;
import fanout.task.Deadline;
import fanout.task.Stage;
import fanout.task.Ticker;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One visit: fetch, then parse what was fetched, and say what was found. Immutable, shared by all workers. */
final class Visits {

    /** RFC 9309, section 2.5: at least 500 kibibytes; Google's limit is the same. */
    private static final int ROBOTS_BYTES = 512 << 10;
    /** The sitemap protocol's limit, before or after compression. */
    private static final long SITEMAP_BYTES = 50L << 20;
    /** Sitemaps are held whole while they are read; a small heap must not die of one. */
    private static final int HEAP_SHARE = 8;

    private final Fetcher fetcher;
    private final PageParser parser;
    private final RobotsReader robotsReader;
    private final SitemapReader sitemapReader = new SitemapReader();
    private final Ticker ticker;
    private final Duration requestTimeout;
    private final long maxBodyBytes;
    private final long maxSitemapBytes;
    private final Set<String> parsedTypes;

    Visits(CrawlJob job, Fetcher fetcher, PageParser parser, Ticker ticker) {
        this.fetcher = fetcher;
        this.parser = parser;
        this.robotsReader = new RobotsReader(job.http().userAgent());
        this.ticker = ticker;
        this.requestTimeout = job.limits().requestTimeout();
        this.maxBodyBytes = job.limits().maxBodyBytes();
        this.maxSitemapBytes = Math.max(maxBodyBytes,
                Math.min(SITEMAP_BYTES, Runtime.getRuntime().maxMemory() / HEAP_SHARE));
        this.parsedTypes = Set.copyOf(job.contentTypes());
    }

    /** Does a piece of work. */
    Finding visit(Work work, Step step) throws InterruptedException {
        return switch (work) {
            case FetchPage page -> page(page, step);
            case FetchRobots robots -> robots(robots, step);
            case FetchSitemap sitemap -> sitemap(sitemap, step);
        };
    }

    /** What is said of work that was interrupted. */
    static Finding givenUp(Work work, CancelReason why, Stage stage) {
        return switch (work) {
            case FetchPage page -> new PageFinding(new Cancelled(page.request(),
                    new Trail(page.attempts() + 1, page.redirects(), Optional.empty()), why, stage), List.of(), 0,
                    Answer.NONE);
            case FetchRobots _,FetchSitemap _ -> new Finding.GivenUp(Answer.NONE);
        };
    }

    private Fetch fetch(FetchRequest request, Step step) throws InterruptedException {
        return Deadline.after(requestTimeout, ticker).within(() -> fetcher.fetch(request, step));
    }

    private PageFinding page(FetchPage page, Step step) throws InterruptedException {
        Fetch fetch = fetch(new FetchRequest(page.url(), this::isParsed, maxBodyBytes, Overflow.FAIL), step);
        return switch (fetch) {
            case Fetch.NoResponse none -> failed(page, none.attempt(), none.failure(), answer(none));
            case Fetch.Response response when response.head().isSuccess() -> success(page, response, step);
            case Fetch.Response response when isRedirect(response.head()) -> redirect(page, response);
            case Fetch.Response response -> failed(page, response.attempt(),
                    new Failure.HttpStatus(response.head().status()), answer(response));
        };
    }

    /** A page without a type may well be HTML. */
    private boolean isParsed(ResponseHead head) {
        return head.isSuccess() && head.contentType().map(parsedTypes::contains).orElse(true);
    }

    private PageFinding success(FetchPage page, Fetch.Response response, Step step) throws InterruptedException {
        Trail trail = page.trailAfter(response.attempt());
        if (!response.bodyRead()) {
            return new PageFinding(new Fetched(page.request(), trail, Content.UNREAD, List.of()), List.of(), 0,
                    answer(response));
        }
        RawPage raw = new RawPage(page.request(), response.head(), response.headers(), response.contentType(),
                response.body());
        ParseResult result = Deadline.after(requestTimeout, ticker).within(() -> {
            step.entered(Stage.PARSE);
            return parser.parse(raw);
        });
        return switch (result) {
            case ParseResult.Parsed parsed -> new PageFinding(
                    new Fetched(page.request(), trail, parsed.content(), parsed.items()), parsed.links(),
                    parsed.dropped(), answer(response));
            case ParseResult.Unparsed unparsed ->
                    failed(page, response.attempt(), unparsed.failure(), answer(response));
        };
    }

    private static PageFinding redirect(FetchPage page, Fetch.Response response) {
        Optional<CanonicalUrl> target = target(page.url(), response);
        if (target.isEmpty()) {
            String location = response.headers().get("Location");
            return failed(page, response.attempt(),
                    new Failure.BadRedirect(location == null ? "no Location" : "Location: " + location),
                    answer(response));
        }
        Outcome redirected = new Redirected(page.request(), page.trailAfter(response.attempt()), target.get());
        return new PageFinding(redirected, List.of(), 0, answer(response));
    }

    /** The job's own deadline cancels; any other fails. */
    private static PageFinding failed(FetchPage page, Attempt attempt, Failure failure, Answer answer) {
        Trail trail = page.trailAfter(attempt);
        Outcome outcome = failure instanceof Failure.TimedOut timedOut && Deadline.current().hasPassed()
                ? new Cancelled(page.request(), trail, CancelReason.DEADLINE, timedOut.stage())
                : new Failed(page.request(), trail, failure);
        return new PageFinding(outcome, List.of(), 0, answer);
    }

    private Finding robots(FetchRobots work, Step step) throws InterruptedException {
        Fetch fetch =
                fetch(new FetchRequest(work.url(), ResponseHead::isSuccess, ROBOTS_BYTES, Overflow.TRUNCATE), step);
        return switch (fetch) {
            case Fetch.NoResponse none -> new Missed(none.failure(), answer(none));
            case Fetch.Response response when response.head().isSuccess() ->
                    new RobotsFound(robotsReader.read(work.url(), response.body()), answer(response));
            case Fetch.Response response when isWithheld(response.head()) ->
                    new Missed(new Failure.HttpStatus(response.head().status()), answer(response));
            case Fetch.Response response when isRedirect(response.head()) && target(work.url(), response).isPresent() ->
                    new Moved(target(work.url(), response).get(), answer(response));
            case Fetch.Response response -> new RobotsFound(RobotsRules.ALLOW_ALL, answer(response));
        };
    }

    /** RFC 9309, section 2.3.1: a host that cannot say allows nothing, one that has nothing to say allows everything. */
    private static boolean isWithheld(ResponseHead head) {
        return head.status() == 429 || head.status() >= 500;
    }

    private Finding sitemap(FetchSitemap work, Step step) throws InterruptedException {
        Fetch fetch =
                fetch(new FetchRequest(work.url(), ResponseHead::isSuccess, maxSitemapBytes, Overflow.FAIL), step);
        return switch (fetch) {
            case Fetch.NoResponse none -> new Missed(none.failure(), answer(none));
            case Fetch.Response response when response.head().isSuccess() -> read(response, step);
            case Fetch.Response response when isRedirect(response.head()) -> target(work.url(), response)
                    .<Finding>map(target -> new Moved(target, answer(response)))
                    .orElseGet(() -> new Missed(new Failure.BadRedirect("no usable Location"), answer(response)));
            case Fetch.Response response ->
                    new Missed(new Failure.HttpStatus(response.head().status()), answer(response));
        };
    }

    private Finding read(Fetch.Response response, Step step) throws InterruptedException {
        SitemapReader.Result result = Deadline.after(requestTimeout, ticker).within(() -> {
            step.entered(Stage.PARSE);
            return sitemapReader.read(response.body());
        });
        return switch (result) {
            case SitemapReader.Result.Read read -> new SitemapFound(read.content().pages(), read.content().sitemaps(),
                    read.content().dropped(), answer(response));
            case SitemapReader.Result.Unread unread -> new Missed(unread.failure(), answer(response));
        };
    }

    private static boolean isRedirect(ResponseHead head) {
        return switch (head.status()) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }

    private static Optional<CanonicalUrl> target(CanonicalUrl from, Fetch.Response response) {
        return Optional.ofNullable(response.headers().get("Location")).flatMap(from.asBase()::resolve);
    }

    private static Answer answer(Fetch.NoResponse none) {
        return new Answer(none.attempt().latency(), 0, Optional.empty(), Verdict.of(none.failure()));
    }

    private static Answer answer(Fetch.Response response) {
        Attempt attempt = response.attempt();
        boolean excused = response.head().status() >= 400;
        Optional<Duration> retryAfter = Optional.ofNullable(response.headers().get("Retry-After"))
                .filter(header -> excused)
                .flatMap(header -> RetryAfter.parse(header, attempt.startedAt().plus(attempt.duration())));
        return Answer.of(attempt, response.head().status(), retryAfter);
    }
}
