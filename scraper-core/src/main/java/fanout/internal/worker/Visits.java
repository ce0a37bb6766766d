package fanout.internal.worker;

import static fanout.internal.worker.Fetching.answer;
import static fanout.internal.worker.Fetching.target;

import fanout.internal.fetch.BodyFiles;
import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.FetchRequest;
import fanout.internal.fetch.FetchRequest.Overflow;
import fanout.internal.fetch.Fetcher;
import fanout.internal.frontier.LeaseResult;
import fanout.internal.frontier.LeaseResult.Missed;
import fanout.internal.frontier.LeaseResult.Moved;
import fanout.internal.frontier.LeaseResult.PageResult;
import fanout.internal.frontier.LeaseResult.RobotsFound;
import fanout.internal.frontier.LeaseResult.SitemapFound;
import fanout.internal.host.HostFeedback;
import fanout.internal.host.RobotsRules;
import fanout.internal.host.Work;
import fanout.internal.host.Work.FetchPage;
import fanout.internal.host.Work.FetchRobots;
import fanout.internal.host.Work.FetchSitemap;
import fanout.internal.host.Work.LogIn;
import fanout.internal.limit.WatchedPattern;
import fanout.internal.parse.PageParser;
import fanout.internal.parse.PageParser.ParseResult;
import fanout.internal.parse.RawPage;
import fanout.internal.site.RobotsReader;
import fanout.internal.site.SitemapReader;
import fanout.internal.task.CarrierTurn;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.job.Session;
import fanout.outcome.CancelReason;
import fanout.outcome.Cancelled;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.outcome.Redirected;
import fanout.outcome.SkipReason;
import fanout.outcome.Skipped;
import fanout.outcome.Stage;
import fanout.page.Attempt;
import fanout.page.Content;
import fanout.page.Request;
import fanout.page.RequestInterceptor;
import fanout.page.ResponseHead;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import fanout.url.TextPattern;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does a piece of work: each kind its own way. Immutable, shared by all workers. */
final class Visits {

    private final PageVisits pages;
    private final AuxiliaryVisits auxiliary;
    private final Optional<LoginVisits> logins;

    /** @param files where bodies are kept; empty only if the job keeps none */
    Visits(CrawlJob job, Fetcher fetcher, PageParser parser, List<RequestInterceptor> interceptors,
            Optional<BodyFiles> files, Ticker ticker) {
        Fetching fetching = new Fetching(fetcher, ticker, job.limits().requestTimeout());
        this.pages = new PageVisits(job, fetching, parser, new RequestCheck(job, interceptors),
                new Downloads(job.keeping(), files));
        this.auxiliary = new AuxiliaryVisits(job, fetching);
        this.logins = job.session().map(session -> new LoginVisits(job, session, fetching, parser));
    }

    /** Does a piece of work. */
    LeaseResult visit(Work work, LeaseProgress progress) throws InterruptedException {
        return switch (work) {
            case FetchPage page -> pages.visit(page, progress);
            case FetchRobots robots -> auxiliary.visit(robots, progress);
            case FetchSitemap sitemap -> auxiliary.visit(sitemap, progress);
            case LogIn step -> logins.orElseThrow().visit(step, progress);
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
            case FetchRobots _,FetchSitemap _,LogIn _ -> new LeaseResult.GivenUp(HostFeedback.NONE);
        };
    }

    /** Visits to pages: ask the robots rules, fetch, then parse what is of a type to be parsed. Immutable. */
    private static final class PageVisits {

        private final Fetching fetching;
        private final PageParser parser;
        private final RequestCheck check;
        private final Downloads downloads;
        private final long maxBodyBytes;
        private final Duration limit;
        private final Set<String> parsedTypes;
        private final Optional<Session.Signs> expired;

        PageVisits(CrawlJob job, Fetching fetching, PageParser parser, RequestCheck check, Downloads downloads) {
            this.fetching = fetching;
            this.parser = parser;
            this.check = check;
            this.downloads = downloads;
            this.maxBodyBytes = job.limits().maxBodyBytes();
            this.limit = job.limits().requestTimeout();
            this.expired = job.session().map(Session::expired);
            this.parsedTypes = Set.copyOf(job.parsing().contentTypes());
        }

        LeaseResult visit(FetchPage page, LeaseProgress progress) throws InterruptedException {
            progress.entered(Stage.ROBOTS);
            if (!isAllowed(page)) {
                return skipped(page, SkipReason.ROBOTS, "disallowed by robots.txt");
            }
            return switch (check.on(page.request())) {
                case RequestCheck.Verdict.Refuse(String reason) -> skipped(page, SkipReason.REFUSED, reason);
                case RequestCheck.Verdict.Send(Request.Details details) -> send(page, details, progress);
            };
        }

        private LeaseResult send(FetchPage page, Request.Details details, LeaseProgress progress)
                throws InterruptedException {
            FetchRequest request;
            try {
                request = new FetchRequest(page.url(), details, Fetching.ACCEPT_PAGE,
                        head -> isParsed(page, head), maxBodyBytes, Overflow.FAIL).keeping(choice(page));
            } catch (CarrierTurn.LateException e) {
                return lateForItself(page);
            }
            try (Fetch fetch = fetching.fetch(request, progress)) {
                return switch (fetch) {
                    case Fetch.NoResponse none -> failed(page, none.attempt(), none.failure(), Fetching.answer(none));
                    case Fetch.Response response -> answered(page, response, progress);
                };
            }
        }

        /** A hostile link can be long, and the patterns of {@code download} look at all of it. */
        private BodyFiles.Choice choice(FetchPage page) throws InterruptedException {
            CarrierTurn turn = new CarrierTurn(Deadline.current().ticker(), limit);
            try {
                return downloads.of(page.request(), turn::spend);
            } catch (CarrierTurn.OverException e) {
                Thread.interrupted();
                throw new InterruptedException(e.getMessage());
            }
        }

        private LeaseResult lateForItself(FetchPage page) {
            Trail trail = new Trail(page.attempts(), page.redirects(), Optional.empty());
            return new PageResult(
                    new Failed(page.request(), trail, new Failure.TimedOut(Stage.PARSE, limit)), List.of(), 0,
                    HostFeedback.NONE);
        }

        private LeaseResult answered(FetchPage page, Fetch.Response response, LeaseProgress progress)
                throws InterruptedException {
            try {
                if (isRefused(page, response)) {
                    return refused(response);
                }
            } catch (CarrierTurn.LateException e) {
                return failed(page, response, new Failure.TimedOut(Stage.PARSE, limit));
            }
            if (response.head().isSuccess()) {
                return success(page, response, progress);
            }
            return Fetching.isRedirect(response.head()) ? redirect(page, response)
                    : failed(page, response, new Failure.HttpStatus(response.head().status()));
        }

        private static PageResult skipped(FetchPage page, SkipReason why, String detail) {
            Trail trail = new Trail(page.attempts(), page.redirects(), Optional.empty());
            return new PageResult(new Skipped(page.request(), trail, why, Optional.of(detail)), List.of(), 0,
                    HostFeedback.NONE);
        }

        /** Whether a head shows that the session has expired. */
        private boolean isRefused(FetchPage page, Fetch.Response response) throws InterruptedException {
            if (expired.isEmpty() || page.request().isExternal()) {
                return false;
            }
            Session.Signs signs = expired.get();
            if (signs.statuses().contains(response.head().status())) {
                return true;
            }
            CarrierTurn turn = new CarrierTurn(Deadline.current().ticker(), limit);
            try {
                return signs.url().isPresent() && isIn(signs.url().get(), page.url(), response, turn::spend);
            } catch (CarrierTurn.OverException e) {
                Thread.interrupted();
                throw new InterruptedException(e.getMessage());
            }
        }

        private static boolean isIn(TextPattern pattern, CanonicalUrl url, Fetch.Response response,
                IntConsumer spent) {
            if (WatchedPattern.isFoundIn(url.toString(), pattern, spent)) {
                return true;
            }
            String location = response.headers().get("Location");
            return Fetching.isRedirect(response.head()) && location != null
                    && (WatchedPattern.isFoundIn(location, pattern, spent) || Fetching.target(url, response)
                            .map(target -> WatchedPattern.isFoundIn(target.toString(), pattern, spent))
                            .orElse(false));
        }

        private static LeaseResult refused(Fetch.Response response) {
            return new LeaseResult.Refused(response.attempt(), Fetching.answer(response));
        }

        /** A hostile robots.txt has patterns that take a second for a long URL. */
        private static boolean isAllowed(FetchPage page) throws InterruptedException {
            CarrierTurn turn = new CarrierTurn(Deadline.current().ticker());
            try {
                return page.rules().allows(page.url(), turn::spend);
            } catch (CarrierTurn.OverException e) {
                Thread.interrupted();
                throw new InterruptedException(e.getMessage());
            }
        }

        /** A page without a type may well be HTML. A HEAD has no body, and that of an external link does not count. */
        private boolean isParsed(FetchPage page, ResponseHead head) {
            return head.isSuccess() && !page.request().isExternal()
                    && page.request().details().method() != Request.Method.HEAD
                    && head.contentType().map(parsedTypes::contains).orElse(true);
        }

        private LeaseResult success(FetchPage page, Fetch.Response response, LeaseProgress progress)
                throws InterruptedException {
            Trail trail = page.trailAfter(response.attempt());
            if (response.kept().isPresent()) {
                BodyFiles.KeptBody kept = response.kept().get();
                Outcome file = new Fetched(page.request(), trail, Content.ofFile(kept.bytes(), kept.hash()), List.of());
                return new PageResult(file, List.of(), 0, Fetching.answer(response));
            }
            if (!response.bodyRead()) {
                Outcome unread = new Fetched(page.request(), trail, Content.UNREAD, List.of());
                return new PageResult(unread, List.of(), 0, Fetching.answer(response));
            }
            RawPage raw =
                    new RawPage(page.request(), response.head(), response.attempt().startedAt(), response.headers(),
                            response.contentType(), response.body());
            ParseResult result = parser.parse(raw, progress);
            return switch (result) {
                case ParseResult.Parsed parsed -> new PageResult(
                        new Fetched(page.request(), trail, content(parsed, response), parsed.items(),
                                parsed.hyperlinks()),
                        parsed.links(),
                        parsed.dropped(), Fetching.answer(response));
                case ParseResult.Expired _ -> refused(response);
                case ParseResult.Unparsed unparsed -> failed(page, response, unparsed.failure());
            };
        }

        private Content content(ParseResult.Parsed parsed, Fetch.Response response) throws InterruptedException {
            if (!downloads.keepsPages()) {
                return parsed.content();
            }
            downloads.keep(response.body());
            return parsed.content().kept();
        }

        private static PageResult redirect(FetchPage page, Fetch.Response response) {
            Optional<CanonicalUrl> target = Fetching.target(page.url(), response);
            if (target.isEmpty()) {
                return failed(page, response, Fetching.badRedirect(response));
            }
            Outcome redirected = new Redirected(page.request(), page.trailAfter(response.attempt()), target.get());
            return new PageResult(redirected, List.of(), 0, Fetching.answer(response));
        }

        private static PageResult failed(FetchPage page, Fetch.Response response, Failure failure) {
            return failed(page, response.attempt(), failure, Fetching.answer(response));
        }

        /** The job's own deadline cancels; any other fails. */
        private static PageResult failed(FetchPage page, Attempt attempt, Failure failure, HostFeedback answer) {
            Trail trail = page.trailAfter(attempt);
            Outcome outcome = failure instanceof Failure.TimedOut timedOut && Deadline.current().hasPassed()
                    ? new Cancelled(page.request(), trail, CancelReason.DEADLINE, timedOut.stage())
                    : new Failed(page.request(), trail, failure);
            return new PageResult(outcome, List.of(), 0, answer);
        }
    }

    /** Fetches that serve the crawl and are not pages: robots.txt and sitemaps. Immutable. */
    private static final class AuxiliaryVisits {

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
                    new FetchRequest(robots.url(), ACCEPT_ROBOTS, ResponseHead::isSuccess, ROBOTS_BYTES,
                            Overflow.TRUNCATE);
            try (Fetch fetch = fetching.fetch(request, progress)) {
                return switch (fetch) {
                    case Fetch.NoResponse none -> missed(none);
                    case Fetch.Response response when response.head().isSuccess() ->
                            new RobotsFound(rules(robots.url(), response.body()), answer(response));
                    case Fetch.Response response when isWithheld(response.head()) -> missed(response);
                    case Fetch.Response response when Fetching.isRedirect(response.head()) ->
                            target(robots.url(), response)
                                    .<LeaseResult>map(target -> new Moved(target, answer(response)))
                                    .orElseGet(() -> new RobotsFound(RobotsRules.ALLOW_ALL, answer(response)));
                    case Fetch.Response response -> new RobotsFound(RobotsRules.ALLOW_ALL, answer(response));
                };
            }
        }

        private RobotsRules rules(CanonicalUrl url, byte[] body) {
            if (body.length > RobotsReader.MOST_BYTES) {
                LOG.warn("{} is longer than 512 KiB: its first 512 KiB count, up to the end of their last whole line",
                        url);
            }
            return robotsReader.read(url, body);
        }

        /**
         * RFC 9309, section 2.3.1: a host that cannot say allows nothing, one that has nothing to say allows
         * everything.
         */
        private static boolean isWithheld(ResponseHead head) {
            return head.status() == 429 || head.status() >= 500;
        }

        LeaseResult visit(FetchSitemap sitemap, LeaseProgress progress) throws InterruptedException {
            FetchRequest request =
                    new FetchRequest(sitemap.url(), ACCEPT_SITEMAP, ResponseHead::isSuccess, maxSitemapBytes,
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
                case SitemapReader.Result.Read read ->
                        new SitemapFound(read.content().pages(), read.content().sitemaps(),
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
}
