package fanout.fetch;

import fanout.job.CrawlJob;
import fanout.page.Failure;
import fanout.page.ResponseHead;
import fanout.task.Deadline;
import fanout.task.Stage;
import fanout.task.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HostnameVerifier;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.CookieJar;
import okhttp3.Dispatcher;
import okhttp3.EventListener;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okio.Buffer;

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

    private static final int LEAST_IDLE_CONNECTIONS = 256;
    private static final long KEEP_ALIVE_SECONDS = 30;
    private static final byte[] NO_BODY = new byte[0];

    private final OkHttpClient client;
    private final GuardedDns dns;
    private final boolean proxied;
    private final Requests requests;
    private final Traffic traffic;
    private final Ticker ticker;

    private OkHttpFetcher(OkHttpClient client, GuardedDns dns, boolean proxied, Requests requests, Traffic traffic,
            Ticker ticker) {
        this.client = client;
        this.dns = dns;
        this.proxied = proxied;
        this.requests = requests;
        this.traffic = traffic;
        this.ticker = ticker;
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
        HostnameVerifier verifier = base.hostnameVerifier();
        Proxy proxy = job.http()
                .proxy()
                .map(named -> new Proxy(Proxy.Type.HTTP,
                        InetSocketAddress.createUnresolved(named.host(), named.port())))
                .orElse(Proxy.NO_PROXY);
        OkHttpClient client = base.newBuilder()
                // A pool of its own makes "no connection left" a statement about this crawl.
                .connectionPool(new ConnectionPool(Math.max(LEAST_IDLE_CONNECTIONS, job.concurrency()),
                        KEEP_ALIVE_SECONDS, TimeUnit.SECONDS))
                .dispatcher(new Dispatcher())
                .eventListenerFactory(
                        call -> Flight.current().map(EventListener.class::cast).orElse(EventListener.NONE))
                .addNetworkInterceptor(OkHttpFetcher::withoutFollowUp)
                .socketFactory(new GuardedSocketFactory(policy, ticker))
                .dns(dns)
                .proxy(proxy)
                .cookieJar(CookieJar.NO_COOKIES)
                // Not OkHttp's own verifier: with that it sends requests for one host over another one's connection.
                .hostnameVerifier((host, session) -> verifier.verify(host, session))
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                // Racing addresses costs a platform thread per connect, and an interrupt then flies out undeclared.
                .fastFallback(false)
                .callTimeout(Duration.ZERO)
                .connectTimeout(Duration.ZERO)
                .readTimeout(Duration.ZERO)
                .writeTimeout(Duration.ZERO)
                .build();
        return new OkHttpFetcher(client, dns, job.http().proxy().isPresent(), new Requests(job), traffic, ticker);
    }

    /**
     * Takes two decisions out of OkHttp's hands.
     *
     * <p>It acts on some statuses by itself: it repeats a 503 with {@code Retry-After: 0} and a 421 at once, and fails on a
     * 407. Above this floor they are all 500; the {@link Flight} knows the real one.
     *
     * <p>When a request could not be sent whole (reset by the server, or cancelled) but an answer came all the same, it
     * delivers the answer, never marks the request as done, and so keeps the connection for good. The answer is dropped
     * here: after an exception OkHttp lets go of everything.
     */
    private static Response withoutFollowUp(Interceptor.Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        Optional<IOException> unsent = Flight.current().flatMap(Flight::requestFailure);
        if (unsent.isPresent()) {
            chain.call().cancel();
            response.close();
            throw unsent.get();
        }
        return switch (response.code()) {
            case 401, 407, 408, 421, 503 -> response.newBuilder().code(500).build();
            default -> response;
        };
    }

    @Override
    public Fetch fetch(FetchRequest request, FetchListener listener) throws InterruptedException {
        throwIfInterrupted(request);
        Flight flight = new Flight(listener, traffic.connections(), ticker);
        Fetch fetch;
        try {
            fetch = flight.run(() -> attempt(request, flight, Deadline.current()));
        } finally {
            flight.restoreInterrupt();
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

    private Fetch attempt(FetchRequest request, Flight flight, Deadline deadline) {
        try {
            if (proxied) {
                flight.enter(Stage.DNS);
                dns.checkProxied(request.url().host().name());
            }
            Call call = client.newCall(requests.request(request.url()));
            // Zero would mean forever.
            call.timeout().timeout(Math.max(1, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
            return exchange(call, request, flight);
        } catch (IOException e) {
            return new Fetch.NoResponse(flight.ended(), Failures.of(e, flight, deadline));
        }
    }

    private Fetch exchange(Call call, FetchRequest request, Flight flight) throws IOException {
        Response response = call.execute();
        boolean through = false;
        try {
            ResponseHead head = flight.head().orElseThrow();
            traffic.opened(response, head.status());
            requests.remember(call.request(), flight.headers());
            BodyReader reader = new BodyReader(response.body(), flight::giveUp);
            if (head.isSuccess() && request.wantsBody().test(head)) {
                flight.enter(Stage.BODY);
                Fetch fetch = withBody(reader, response, head, request, flight);
                through = true;
                return fetch;
            }
            reader.discard(!head.isSuccess());
            through = true;
            return response(head, flight, NO_BODY, false);
        } finally {
            if (!through) {
                flight.giveUp();
            }
            response.close();
            traffic.finished(response);
        }
    }

    private Fetch withBody(BodyReader reader, Response response, ResponseHead head, FetchRequest request, Flight flight)
            throws IOException {
        String encoding = String.join(", ", flight.headers().values("Content-Encoding"));
        boolean failsIfLonger = request.overflow() == FetchRequest.Overflow.FAIL;
        if (failsIfLonger && encoding.isEmpty() && response.body().contentLength() > request.maxBodyBytes()) {
            reader.giveUp();
            return tooLarge(request, flight);
        }
        Buffer body = reader.read(encoding, request.maxBodyBytes());
        traffic.read(body.size());
        if (failsIfLonger && body.size() > request.maxBodyBytes()) {
            return tooLarge(request, flight);
        }
        return response(head, flight, body.readByteArray(Math.min(body.size(), request.maxBodyBytes())), true);
    }

    private static Fetch tooLarge(FetchRequest request, Flight flight) {
        return new Fetch.NoResponse(flight.ended(), new Failure.BodyTooLarge(request.maxBodyBytes()));
    }

    private static Fetch response(ResponseHead head, Flight flight, byte[] body, boolean read) {
        String contentType = flight.headers().get("Content-Type");
        return new Fetch.Response(flight.ended(), head, flight.headers(), contentType == null ? "" : contentType, body,
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
    }
}
