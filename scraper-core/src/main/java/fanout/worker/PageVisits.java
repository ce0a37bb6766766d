package fanout.worker;

import fanout.fetch.Fetch;
import fanout.fetch.FetchRequest;
import fanout.fetch.FetchRequest.Overflow;
import fanout.frontier.LeaseResult.PageResult;
import fanout.host.HostFeedback;
import fanout.host.Work.FetchPage;
import fanout.job.CrawlJob;
import fanout.outcome.CancelReason;
import fanout.outcome.Cancelled;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.outcome.Redirected;
import fanout.outcome.SkipReason;
import fanout.outcome.Skipped;
import fanout.page.Attempt;
import fanout.page.Content;
import fanout.page.Request;
import fanout.page.ResponseHead;
import fanout.page.Trail;
import fanout.parse.PageParser;
import fanout.parse.ParseResult;
import fanout.parse.RawPage;
import fanout.task.CarrierTurn;
import fanout.task.Deadline;
import fanout.task.Stage;
import fanout.url.CanonicalUrl;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Visits to pages: ask the robots rules, fetch, then parse what is of a type to be parsed. Immutable. */
final class PageVisits {

    /** As browsers ask for a page. */
    private static final String ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private final Fetching fetching;
    private final PageParser parser;
    private final long maxBodyBytes;
    private final Set<String> parsedTypes;

    PageVisits(CrawlJob job, Fetching fetching, PageParser parser) {
        this.fetching = fetching;
        this.parser = parser;
        this.maxBodyBytes = job.limits().maxBodyBytes();
        this.parsedTypes = Set.copyOf(job.parsing().contentTypes());
    }

    PageResult visit(FetchPage page, LeaseProgress progress) throws InterruptedException {
        progress.entered(Stage.ROBOTS);
        if (!isAllowed(page)) {
            Trail trail = new Trail(page.attempts(), page.redirects(), Optional.empty());
            Outcome disallowed =
                    new Skipped(page.request(), trail, SkipReason.ROBOTS, Optional.of("disallowed by robots.txt"));
            return new PageResult(disallowed, List.of(), 0, HostFeedback.NONE);
        }
        FetchRequest request = new FetchRequest(page.url(), page.request().details(), ACCEPT,
                head -> isParsed(page, head), maxBodyBytes, Overflow.FAIL);
        try (Fetch fetch = fetching.fetch(request, progress)) {
            return switch (fetch) {
                case Fetch.NoResponse none -> failed(page, none.attempt(), none.failure(), Fetching.answer(none));
                case Fetch.Response response when response.head().isSuccess() -> success(page, response, progress);
                case Fetch.Response response when Fetching.isRedirect(response.head()) -> redirect(page, response);
                case Fetch.Response response -> failed(page, response,
                        new Failure.HttpStatus(response.head().status()));
            };
        }
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

    /** A page without a type may well be HTML. A HEAD is answered without a body. */
    private boolean isParsed(FetchPage page, ResponseHead head) {
        return head.isSuccess() && page.request().details().method() != Request.Method.HEAD
                && head.contentType().map(parsedTypes::contains).orElse(true);
    }

    private PageResult success(FetchPage page, Fetch.Response response, LeaseProgress progress)
            throws InterruptedException {
        Trail trail = page.trailAfter(response.attempt());
        if (!response.bodyRead()) {
            Outcome unread = new Fetched(page.request(), trail, Content.UNREAD, List.of());
            return new PageResult(unread, List.of(), 0, Fetching.answer(response));
        }
        RawPage raw = new RawPage(page.request(), response.head(), response.attempt().startedAt(), response.headers(),
                response.contentType(), response.body());
        ParseResult result = parser.parse(raw, progress);
        return switch (result) {
            case ParseResult.Parsed parsed -> new PageResult(
                    new Fetched(page.request(), trail, parsed.content(), parsed.items()), parsed.links(),
                    parsed.dropped(), Fetching.answer(response));
            case ParseResult.Unparsed unparsed -> failed(page, response, unparsed.failure());
        };
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
