package fanout.okhttp;

import fanout.dns.GuardedDns;
import fanout.dns.Resolver;
import fanout.fetch.Fetch;
import fanout.fetch.FetchListener;
import fanout.fetch.FetchRequest;
import fanout.fetch.Fetcher;
import fanout.fetch.Traffic;
import fanout.job.CrawlJob;
import fanout.leak.Lender;
import fanout.leak.Lenders;
import fanout.leak.Loan;
import fanout.leak.Origin;
import fanout.outcome.Failure;
import fanout.page.ResponseHead;
import fanout.socket.AddressPolicy;
import fanout.task.Deadline;
import fanout.task.Stage;
import fanout.task.Ticker;
import java.io.IOException;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okio.Buffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches with OkHttp, for one crawl: connections, cookies and address policy are the crawl's own.
 *
 * <p>OkHttp follows, retries and times out nothing here: redirects and retries are the frontier's, and the only timeout is
 * the current {@link Deadline}, set as the call's. Interruption ends a fetch within milliseconds: virtual threads leave
 * blocked sockets at once. How an attempt ended is judged in this order: interrupted, timed out, failed.
 *
 * <p>Thread-safe. Owned by the crawl, which closes it.
 */
public final class OkHttpFetcher implements Fetcher {

    private static final Logger LOG = LoggerFactory.getLogger(OkHttpFetcher.class);
    private static final Duration SECOND_LINE = Duration.ofSeconds(1);
    private static final byte[] NO_BODY = new byte[0];

    private final OkHttpClient client;
    private final GuardedDns dns;
    private final boolean proxied;
    private final Requests requests;
    private final Traffic traffic;
    private final Ticker ticker;
    private final Lender lender = this::loans;

    OkHttpFetcher(OkHttpClient client, GuardedDns dns, boolean proxied, Requests requests, Traffic traffic,
            Ticker ticker) {
        this.client = client;
        this.dns = dns;
        this.proxied = proxied;
        this.requests = requests;
        this.traffic = traffic;
        this.ticker = ticker;
        Lenders.opened(lender);
    }

    /**
     * A fetcher for one crawl.
     *
     * @param base its TLS settings and protocols are kept
     * @param resolver not closed by the fetcher
     * @param traffic told what comes and goes
     */
    public static OkHttpFetcher forJob(CrawlJob job, OkHttpClient base, Resolver resolver, Traffic traffic,
            Ticker ticker) {
        AddressPolicy policy = new AddressPolicy(job.network());
        GuardedDns dns = new GuardedDns(resolver, policy);
        return new OkHttpFetcher(CrawlClient.of(base, job, policy, dns, ticker), dns, job.http().proxy().isPresent(),
                new Requests(job, ticker), traffic, ticker);
    }

    @Override
    public Fetch fetch(FetchRequest request, FetchListener listener) throws InterruptedException {
        throwIfInterrupted(request);
        HttpAttempt attempt = new HttpAttempt(listener, traffic.connections(), ticker);
        Fetch fetch;
        try {
            fetch = attempt.run(() -> send(request, attempt, Deadline.current()));
        } finally {
            attempt.restoreInterrupt();
        }
        throwIfInterrupted(request);
        traffic.attempted(fetch.attempt().duration());
        return fetch;
    }

    /** Nothing below takes the flag without setting it again, so an interrupt is never mistaken for a failure. */
    private static void throwIfInterrupted(FetchRequest request) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while fetching " + request.url());
        }
    }

    private Fetch send(FetchRequest request, HttpAttempt attempt, Deadline deadline) {
        if (deadline.hasPassed()) {
            return new Fetch.NoResponse(attempt.ended(), new Failure.TimedOut(attempt.stage(), deadline.limit()));
        }
        try {
            if (proxied) {
                attempt.enter(Stage.DNS);
                dns.checkProxied(request.url().host().name());
            }
            Call call = client.newCall(attempt.tagged(requests.request(request.url())));
            call.timeout().timeout(timeoutNanos(deadline), TimeUnit.NANOSECONDS);
            return exchange(call, request, attempt);
        } catch (IOException e) {
            return new Fetch.NoResponse(attempt.ended(), Failures.of(e, attempt, deadline));
        }
    }

    /**
     * Where an interrupt comes at the deadline, OkHttp's timeout is the second line only: a thousand calls that are ended
     * twice at one moment, by their own thread and by OkHttp's, wait for each other's locks for hundreds of milliseconds.
     */
    private static long timeoutNanos(Deadline deadline) {
        long left = Math.max(1, deadline.remainingNanos()); // zero would mean forever
        return deadline.interrupts() ? left + SECOND_LINE.toNanos() : left;
    }

    private Fetch exchange(Call call, FetchRequest request, HttpAttempt attempt) throws IOException {
        Response response = understood(call::execute);
        ReceivedBody body = new ReceivedBody(response);
        boolean through = false;
        try {
            ResponseHead head = attempt.head().orElseThrow();
            traffic.opened(body, head.status());
            requests.remember(call.request(), attempt.headers());
            BodyReader reader = new BodyReader(response.body(), attempt);
            if (head.isSuccess() && request.wantsBody().test(head)) {
                attempt.enter(Stage.BODY);
                Fetch fetch = withBody(reader, response, head, request, attempt);
                through = true;
                return fetch;
            }
            reader.discard(!head.isSuccess());
            through = true;
            return response(head, attempt, NO_BODY, false);
        } finally {
            if (!through) {
                attempt.giveUp();
            }
            response.close();
            traffic.finished(body);
        }
    }

    /** Something that OkHttp does with what a server sent. */
    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }

    /** One strange answer must not end a crawl: what OkHttp throws unchecked is a violation of the protocol that it missed. */
    private static <T> T understood(Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (RuntimeException e) {
            LOG.debug("the HTTP client failed on an answer", e); // a host that does so on purpose must not fill the logs
            ProtocolException violation = new ProtocolException("not readable by the HTTP client: " + e);
            violation.initCause(e);
            throw violation;
        }
    }

    private Fetch withBody(BodyReader reader, Response response, ResponseHead head, FetchRequest request,
            HttpAttempt attempt)
            throws IOException {
        String encoding = String.join(", ", attempt.headers().values("Content-Encoding"));
        boolean failsIfLonger = request.overflow() == FetchRequest.Overflow.FAIL;
        if (failsIfLonger && encoding.isEmpty() && response.body().contentLength() > request.maxBodyBytes()) {
            attempt.giveUp();
            return tooLarge(request, attempt);
        }
        Buffer body = understood(() -> reader.read(encoding, request.maxBodyBytes()));
        traffic.read(body.size());
        if (failsIfLonger && body.size() > request.maxBodyBytes()) {
            return tooLarge(request, attempt);
        }
        return response(head, attempt, body.readByteArray(Math.min(body.size(), request.maxBodyBytes())), true);
    }

    private static Fetch tooLarge(FetchRequest request, HttpAttempt attempt) {
        return new Fetch.NoResponse(attempt.ended(), new Failure.BodyTooLarge(request.maxBodyBytes()));
    }

    private static Fetch response(ResponseHead head, HttpAttempt attempt, byte[] body, boolean read) {
        String contentType = attempt.headers().get("Content-Type");
        return new Fetch.Response(attempt.ended(), head, attempt.headers(), contentType == null ? "" : contentType,
                body,
                read);
    }

    @Override
    public int activeConnections() {
        ConnectionPool pool = client.connectionPool();
        return Math.max(0, pool.connectionCount() - pool.idleConnectionCount());
    }

    @Override
    public void close() {
        client.dispatcher().cancelAll();
        client.connectionPool().evictAll();
        Lenders.ended(lender);
    }

    /** What is open and in use. Connections are counted by the pool, and named by whoever acquired them. */
    private List<Loan> loans() {
        List<Loan> loans = new ArrayList<>(traffic.bodyLoans());
        if (activeConnections() > 0) {
            List<Loan> acquired = traffic.connections().loans();
            loans.addAll(acquired.isEmpty()
                    ? List.of(new Loan("connection", activeConnections() + " in use", client, Origin.unknown()))
                    : acquired);
        }
        return loans;
    }
}
