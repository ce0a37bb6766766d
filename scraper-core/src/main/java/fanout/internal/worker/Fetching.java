package fanout.internal.worker;

import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.FetchRequest;
import fanout.internal.fetch.Fetcher;
import fanout.internal.host.HostFeedback;
import fanout.internal.host.HostHealth;
import fanout.internal.host.RetryAfter;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import fanout.outcome.Failure;
import fanout.page.Attempt;
import fanout.page.ResponseHead;
import fanout.url.CanonicalUrl;
import fanout.url.LinkBase;
import java.time.Duration;
import java.util.Optional;

/** What all visits share: a fetch under the request's deadline, and how to read its answer. Immutable. */
final class Fetching {

    /** As browsers ask for a page. */
    static final String ACCEPT_PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    /** Of a Location that leads nowhere, in the detail. */
    private static final int LONGEST_LOCATION = 300;

    private final Fetcher fetcher;
    private final Ticker ticker;
    private final Duration requestTimeout;

    Fetching(Fetcher fetcher, Ticker ticker, Duration requestTimeout) {
        this.fetcher = fetcher;
        this.ticker = ticker;
        this.requestTimeout = requestTimeout;
    }

    Fetch fetch(FetchRequest request, LeaseProgress progress) throws InterruptedException {
        Fetch fetch = inTime(() -> fetcher.fetch(request.under(progress.session()), progress));
        progress.attempted(fetch.attempt());
        return fetch;
    }

    /** Does something that may take as long as a request, and no longer than the job. */
    <R> R inTime(ScopedValue.CallableOp<? extends R, InterruptedException> action) throws InterruptedException {
        return Deadline.after(requestTimeout, ticker).within(action);
    }

    static boolean isRedirect(ResponseHead head) {
        return switch (head.status()) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }

    /**
     * Where a redirect leads; empty if it has no usable Location. One with a replacement character is of unknown
     * bytes.
     */
    static Optional<CanonicalUrl> target(CanonicalUrl from, Fetch.Response response) {
        return Optional.ofNullable(response.headers().get("Location"))
                .filter(location -> location.indexOf('\uFFFD') < 0)
                .flatMap(LinkBase.of(from)::resolve);
    }

    /** What is wrong with a redirect that leads nowhere. */
    static Failure badRedirect(Fetch.Response response) {
        String location = response.headers().get("Location");
        return new Failure.BadRedirect(location == null
                ? "no Location"
                : "Location: " + location.substring(0, Math.min(location.length(), LONGEST_LOCATION)));
    }

    static HostFeedback answer(Fetch.NoResponse none) {
        return new HostFeedback(none.attempt().latency(), 0, Optional.empty(), HostHealth.of(none.failure()));
    }

    static HostFeedback answer(Fetch.Response response) {
        Attempt attempt = response.attempt();
        boolean isError = response.head().status() >= 400;
        Optional<Duration> retryAfter = Optional.ofNullable(response.headers().get("Retry-After"))
                .filter(_ -> isError)
                .flatMap(header -> RetryAfter.parse(header, attempt.startedAt().plus(attempt.duration())));
        return HostFeedback.of(attempt, response.head().status(), retryAfter);
    }
}
