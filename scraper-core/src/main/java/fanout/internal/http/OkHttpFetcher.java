package fanout.internal.http;

import fanout.internal.fetch.Fetch;
import fanout.internal.fetch.FetchListener;
import fanout.internal.fetch.FetchRequest;
import fanout.internal.fetch.Fetcher;
import fanout.internal.fetch.Traffic;
import fanout.internal.limit.MemoryBudget;
import fanout.internal.task.Deadline;
import fanout.internal.task.Signal;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.leak.Lender;
import fanout.leak.Lenders;
import fanout.leak.Loan;
import fanout.leak.Origin;
import fanout.outcome.Failure;
import fanout.page.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.OkHttpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches with OkHttp, for one crawl: connections, cookies and address policy are the crawl's own.
 *
 * <p>OkHttp follows, retries and times out nothing here: redirects and retries are the frontier's, and the only timeout
 * is the current {@link Deadline}. Interruption ends a fetch within milliseconds: virtual threads leave blocked sockets
 * at once. How an attempt ended is judged in this order: interrupted, timed out, failed.
 *
 * <p>Thread-safe. Owned by the crawl, which closes it.
 */
public final class OkHttpFetcher implements Fetcher {

    private static final Logger LOG = LoggerFactory.getLogger(OkHttpFetcher.class);

    private final HttpAttempt.Means means;
    private final AtomicBoolean isFit = new AtomicBoolean(true);
    /** Under way, bodies included: OkHttp's dispatcher forgets a call when its head is there. */
    private final Set<HttpAttempt> attempts = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean isGivenUp = new AtomicBoolean();
    private final Lender lender = this::loans;

    OkHttpFetcher(HttpAttempt.Means means) {
        this.means = means;
        Lenders.opened(lender);
    }

    /**
     * A fetcher for one crawl.
     *
     * @param base whose TLS settings and protocols are used; OkHttp's defaults if empty
     * @param resolver not closed by the fetcher
     * @param memory of all crawls of this process
     * @param traffic counts what comes and goes
     */
    public static OkHttpFetcher forJob(CrawlJob job, Optional<OkHttpClient> base, Resolver resolver,
            MemoryBudget memory,
            Traffic traffic, Ticker ticker) {
        return forJob(job, new AddressPolicy(job.network()), base, resolver, memory, traffic, ticker);
    }

    /**
     * The same under a policy that may be stricter than the job's.
     *
     * @param policy every connection of the crawl is asked of it
     */
    public static OkHttpFetcher forJob(CrawlJob job, AddressPolicy policy, Optional<OkHttpClient> base,
            Resolver resolver, MemoryBudget memory, Traffic traffic, Ticker ticker) {
        job.start().urls().forEach(OkHttpFetcher::checkSendable);
        GuardedDns dns = new GuardedDns(resolver, policy);
        CrawlClients clients =
                CrawlClients.of(base, job, policy, dns, memory.idle(), OkHttpInternals.present(), ticker);
        return new OkHttpFetcher(new HttpAttempt.Means(clients, job.http().proxy().map(proxy -> dns),
                new Requests(job, ticker), memory.bodies(), traffic, ticker));
    }

    private static void checkSendable(Request request) {
        Request.Method method = request.details().method();
        if (request.details().body().isPresent() && (method == Request.Method.GET || method == Request.Method.HEAD)) {
            throw new IllegalArgumentException("startUrls has a " + method + " with a body: " + request.url()
                    + "; send it by POST, PUT, PATCH or DELETE");
        }
    }

    @Override
    public Fetch fetch(FetchRequest request, FetchListener listener) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before fetching " + request.url());
        }
        HttpAttempt attempt = new HttpAttempt(request, listener, means);
        Fetch fetch;
        attempts.add(attempt);
        try {
            fetch = attempt.run();
        } catch (LinkageError e) {
            fetch = new Fetch.NoResponse(attempt.ended(), unfit(e));
        } finally {
            attempts.remove(attempt);
        }
        if (isGivenUp.get() && fetch instanceof Fetch.NoResponse) {
            awaitInterrupt(attempt);
        }
        throwIfInterrupted(request, fetch);
        return fetch;
    }

    @Override
    public void giveUp() {
        isGivenUp.set(true); // first: no request may take its end for a failure
        attempts.forEach(HttpAttempt::cancel);
    }

    /** It is on its way. If it is missing at the end of the request's time, the request has failed. */
    private void awaitInterrupt(HttpAttempt attempt) throws InterruptedException {
        new Signal<>(means.ticker()).await(attempt.remainingNanos());
    }

    /** Nothing below takes the flag without setting it again, so an interrupt is never taken for a failure. */
    private static void throwIfInterrupted(FetchRequest request, Fetch fetch) throws InterruptedException {
        if (Thread.interrupted()) {
            fetch.close();
            throw new InterruptedException("interrupted while fetching " + request.url());
        }
    }

    /** The class path has another OkHttp, or none that is whole: every page fails, and the crawl says why. */
    private Failure unfit(LinkageError e) {
        String why = "OkHttp " + OkHttpInternals.version() + " on the class path does not fit this crawler: " + e;
        if (isFit.compareAndSet(true, false)) {
            LOG.error("{}. Pages that need it fail; put okhttp-jvm {} on the class path", why,
                    OkHttpInternals.KNOWN_VERSION);
            LOG.debug("where OkHttp does not fit", e);
        }
        return new Failure.Protocol(why);
    }

    @Override
    public int activeConnections() {
        return means.clients().activeConnections();
    }

    @Override
    public void close() {
        means.clients().close();
        Lenders.ended(lender);
    }

    /**
     * What is open and in use. Connections are counted by the pool, and named by the requests that acquired them.
     */
    private List<Loan> loans() {
        List<Loan> loans = new ArrayList<>(means.traffic().bodyLoans());
        if (activeConnections() > 0) {
            List<Loan> acquired = means.traffic().connections().loans();
            loans.addAll(acquired.isEmpty()
                    ? List.of(
                            new Loan("connection", activeConnections() + " in use", means.clients(), Origin.unknown()))
                    : acquired);
        }
        return loans;
    }
}
