package fanout.internal.worker;

import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.FetchRequest;
import fanout.internal.fetch.FetchRequest.Overflow;
import fanout.internal.frontier.LeaseResult;
import fanout.internal.frontier.LeaseResult.LoggedIn;
import fanout.internal.frontier.LeaseResult.LoginContinues;
import fanout.internal.frontier.LeaseResult.LoginFailed;
import fanout.internal.frontier.LeaseResult.Missed;
import fanout.internal.host.HostFeedback;
import fanout.internal.host.Work.LogIn;
import fanout.internal.parse.LoginReader;
import fanout.internal.parse.LoginReader.Answer;
import fanout.internal.parse.PageParser;
import fanout.internal.parse.RawPage;
import fanout.internal.task.Deadline;
import fanout.job.CrawlJob;
import fanout.job.SecretRules;
import fanout.job.Session;
import fanout.outcome.Failure;
import fanout.page.Attempt;
import fanout.page.OpenSession;
import fanout.page.Request;
import fanout.page.Request.Details;
import fanout.page.ResponseHead;
import fanout.url.CanonicalUrl;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes the steps of a login: one request, or one redirect of it, for each lease. Neither robots.txt nor the scope is
 * asked. What a step sends goes to no origin but the session's, wherever a redirect leads. Immutable.
 */
final class LoginVisits {

    private final Session session;
    private final Fetching fetching;
    private final LoginReader reader;
    private final long maxBodyBytes;
    private final int maxRedirects;
    private final int maxUrlLength;
    private final boolean repeatsUnsafeMethods;
    private final SecretRules secrets;

    LoginVisits(CrawlJob job, Session session, Fetching fetching, PageParser parser) {
        this.session = session;
        this.fetching = fetching;
        this.reader = new LoginReader(job, session, parser);
        this.maxBodyBytes = job.limits().maxBodyBytes();
        this.maxRedirects = job.limits().maxRedirects();
        this.maxUrlLength = job.limits().maxUrlLength();
        this.repeatsUnsafeMethods = job.retries().unsafeMethods();
        this.secrets = new SecretRules(job.start(), job.parsing(), job.session(), job.http().secrets());
    }

    /** Makes a step. */
    LeaseResult visit(LogIn step, LeaseProgress progress) throws InterruptedException {
        Request request = step.request().orElseGet(reader::first);
        Optional<String> refusal = secrets.refusal(request);
        if (refusal.isPresent()) {
            return new LoginFailed(step.step(), words(request, refusal.get()), HostFeedback.NONE);
        }
        FetchRequest toSend = new FetchRequest(request.url(), request.details(), Fetching.ACCEPT_PAGE,
                ResponseHead::isSuccess, maxBodyBytes, Overflow.FAIL);
        try (Fetch fetch = fetching.fetch(toSend, progress)) {
            return switch (fetch) {
                case Fetch.NoResponse none -> missed(step, request, none.attempt(), none.failure(),
                        Fetching.answer(none));
                case Fetch.Response response when Fetching.isRedirect(response.head()) ->
                        redirected(step, request, response);
                case Fetch.Response response when reader.accepts(step.step(), response.head().status()) ->
                        read(step, request, response, progress);
                case Fetch.Response response -> missed(step, request, response.attempt(),
                        new Failure.HttpStatus(response.head().status()), Fetching.answer(response));
            };
        }
    }

    /** A request that may do something each time is not repeated once it was sent, unless the server took no notice. */
    private LeaseResult missed(LogIn step, Request request, Attempt attempt, Failure failure, HostFeedback answer) {
        if (failure instanceof Failure.TimedOut && Deadline.current().hasPassed()) {
            return new LeaseResult.GivenUp(answer);
        }
        boolean mayRepeat = repeatsUnsafeMethods || request.details().method().isIdempotent() || !attempt.sent()
                || failure instanceof Failure.StaleConnection;
        return mayRepeat ? new Missed(failure, answer)
                : new LoginFailed(step.step(), words(request, failure.detail()), answer);
    }

    private LeaseResult redirected(LogIn step, Request request, Fetch.Response response) {
        HostFeedback answer = Fetching.answer(response);
        Optional<CanonicalUrl> target = Fetching.target(request.url(), response);
        if (target.isEmpty() || target.get().length() > maxUrlLength) {
            return new LoginFailed(step.step(), words(request, "a redirect that leads to no usable URL"), answer);
        }
        if (step.hops() >= maxRedirects) {
            return new LoginFailed(step.step(),
                    words(request, new Failure.TooManyRedirects(maxRedirects).detail()), answer);
        }
        Request to = request.redirectedTo(target.get(), response.head().status());
        OpenSession opening = step.session();
        if (!to.url().origin().equals(request.url().origin()) && to.details().body().isPresent()
                && session.login().get(step.step()) instanceof Session.Submit submit && submit.refersToSecrets()) {
            return new LoginFailed(step.step(),
                    words(request, "a redirect that would send a secret of the form to " + to.url().origin()), answer);
        }
        if (!to.url().origin().equals(request.url().origin()) && !isTrusted(to.url().origin(), opening)) {
            if (to.details().body().isPresent()) {
                return new LoginFailed(step.step(), words(request, "a redirect that would send what it posts to "
                        + to.url().origin() + ", which is no origin of the session; list it in session.origins"),
                        answer);
            }
            to = to.with(new Details(to.details().method(), Map.of(), Optional.empty(), 0, Map.of()));
        }
        return new LoginContinues(new LogIn(step.step(), to.url(), Optional.of(to), step.hops() + 1, 0,
                opening, step.values()), answer);
    }

    private LeaseResult read(LogIn step, Request request, Fetch.Response response, LeaseProgress progress)
            throws InterruptedException {
        HostFeedback answer = Fetching.answer(response);
        RawPage page = new RawPage(request, response.head(), response.attempt().startedAt(), response.headers(),
                response.contentType(), response.body());
        return switch (reader.read(page, step.step(), step.values(), progress)) {
            case Answer.Next next -> new LoginContinues(new LogIn(step.step() + 1, next.request().url(),
                    Optional.of(next.request()), 0, 0,
                    step.session().alsoAt(next.request().url()), next.values()), answer);
            case Answer.Done done -> new LoggedIn(opened(step.session(), done), answer);
            case Answer.Missing missing -> new LoginFailed(missing.step(), missing.why(), answer);
            case Answer.Unread unread -> missed(step, request, response.attempt(), unread.failure(), answer);
        };
    }

    /** Whether the origin is that of a step, or the job names it. */
    private boolean isTrusted(String origin, OpenSession opening) {
        return opening.origins().contains(origin)
                || session.origins().stream().anyMatch(named -> named.origin().equals(origin));
    }

    /** Returns the session, at the origins that the job names, or else at those of the steps. */
    private OpenSession opened(OpenSession opening, Answer.Done done) {
        Set<String> origins = session.origins().isEmpty()
                ? opening.origins()
                : session.origins().stream().map(CanonicalUrl::origin).collect(Collectors.toUnmodifiableSet());
        return new OpenSession(opening.number(), false, origins, done.headers(),
                session.headers().referToSecrets());
    }

    /** What went wrong, and with which request if a redirect led to it. */
    private static String words(Request request, String what) {
        return request.referrer().isPresent() ? what + ", from " + request.url() : what;
    }
}
