package fanout.okhttp;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.dns.GuardedDns;
import fanout.job.CrawlJob;
import fanout.job.Http;
import fanout.limit.IdleConnections;
import fanout.socket.AddressPolicy;
import fanout.socket.ConnectionFilter;
import fanout.socket.FilteredTls;
import fanout.socket.GuardedSocket;
import fanout.task.Ticker;
import fanout.url.CanonicalUrl;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.CookieJar;
import okhttp3.Dispatcher;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;

/**
 * OkHttp for one crawl, with everything switched off that a crawl decides itself: redirects, retries, timeouts, cookies,
 * proxies. TLS settings and protocols are those of a base client, and nothing else of it is used: its cache would answer
 * without a network, and its interceptors and authenticators would send requests that are not counted.
 *
 * <p>There are two clients for each pool of connections, see {@link PoolChoice}, with one dispatcher, which looks through its calls at the end
 * of each. The one for {@code http} has no TLS; those for {@code https} are
 * made for the first URL that needs one, because to read the certificates of the authorities takes a tenth of a second.
 *
 * <p>Thread-safe: one lock, held while those clients are made. That waits for nothing.
 */
final class CrawlClients {

    private static final long KEEP_ALIVE_SECONDS = 30;

    private final Optional<OkHttpClient> base;
    private final Http http;
    private final PoolChoice choice;
    private final List<OkHttpClient> plain;
    private final IdleConnections.Share idle;
    private final Supplier<ConnectionFilter> filters;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private List<OkHttpClient> secured = List.of();

    private CrawlClients(Optional<OkHttpClient> base, Http http, PoolChoice choice, List<OkHttpClient> plain,
            IdleConnections.Share idle, Supplier<ConnectionFilter> filters) {
        this.base = base;
        this.http = http;
        this.choice = choice;
        this.plain = plain;
        this.idle = idle;
        this.filters = filters;
    }

    /**
     * Clients for one crawl.
     *
     * @param base whose TLS settings and protocols are used; OkHttp's defaults if empty
     * @param idle of all crawls, of which these clients have a share until they are closed
     */
    static CrawlClients of(Optional<OkHttpClient> base, CrawlJob job, AddressPolicy policy, GuardedDns dns,
            IdleConnections idle, OkHttpInternals internals, Ticker ticker) {
        Supplier<ConnectionFilter> filters = () -> new ReceivedHeads(internals);
        OkHttpClient.Builder client = new OkHttpClient.Builder();
        base.ifPresent(given -> client.protocols(given.protocols()));
        client.connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
                .eventListenerFactory(call -> AttemptProgress.of(call.request())
                        .map(EventListener.class::cast)
                        .orElse(EventListener.NONE))
                .addNetworkInterceptor(new StrictExchange(internals))
                .socketFactory(GuardedSocket.factory(policy, ticker, filters))
                .dns(dns)
                .proxy(job.http().proxy().map(CrawlClients::proxy).orElse(Proxy.NO_PROXY))
                .cookieJar(CookieJar.NO_COOKIES)
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                // Racing addresses costs a platform thread per connect, and an interrupt then flies out undeclared.
                .fastFallback(false)
                .callTimeout(Duration.ZERO)
                .connectTimeout(Duration.ZERO)
                .readTimeout(Duration.ZERO)
                .writeTimeout(Duration.ZERO);
        job.http()
                .proxy()
                .flatMap(Http.Proxy::login)
                .ifPresent(login -> client.proxyAuthenticator(new ProxyLogin(login)));
        OkHttpClient common = client.build();
        IdleConnections.Share share = idle.reserve(job.concurrency());
        PoolChoice choice = PoolChoice.of(job, share.connections());
        int each = Math.ceilDiv(share.connections(), choice.pools());
        // Pools of its own make "no connection left" a statement about this crawl.
        return new CrawlClients(base, job.http(), choice, Stream
                .generate(() -> new ConnectionPool(each, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS))
                .limit(choice.pools())
                .map(pool -> common.newBuilder().connectionPool(pool).dispatcher(new Dispatcher()).build())
                .toList(), share, filters);
    }

    /** The same clients with something more in them. */
    CrawlClients with(UnaryOperator<OkHttpClient.Builder> more) {
        return new CrawlClients(base, http, choice,
                plain.stream().map(client -> more.apply(client.newBuilder()).build()).toList(), idle, filters);
    }

    /** The calling thread's client for a URL. */
    OkHttpClient of(CanonicalUrl url) {
        List<OkHttpClient> clients = url.isHttps() || !speaksInTheClear() ? secured() : plain;
        return clients.get(choice.of(url.host(), Thread.currentThread().threadId()));
    }

    /** A base may refuse to. */
    private boolean speaksInTheClear() {
        return base.isEmpty() || base.get().connectionSpecs().stream().anyMatch(spec -> !spec.isTls());
    }

    private List<OkHttpClient> secured() {
        lock.lock();
        try {
            if (secured.isEmpty()) {
                OkHttpClient withTls = withTls(base.orElseGet(OkHttpClient::new));
                secured = plain.stream()
                        .map(client -> withTls.newBuilder()
                                .connectionPool(client.connectionPool())
                                .dispatcher(client.dispatcher())
                                .build())
                        .toList();
            }
            return secured;
        } finally {
            lock.unlock();
        }
    }

    private OkHttpClient withTls(OkHttpClient settings) {
        HostnameVerifier verifier = settings.hostnameVerifier();
        OkHttpClient.Builder client = plain.getFirst()
                .newBuilder()
                .connectionSpecs(settings.connectionSpecs())
                .certificatePinner(settings.certificatePinner())
                // Not OkHttp's own verifier: with that it sends requests for one host over another one's connection.
                .hostnameVerifier((host, session) -> verifier.verify(host, session));
        X509TrustManager trusted = settings.x509TrustManager();
        if (trusted != null && http.authorities().isEmpty()) { // a client without TLS has none
            client.sslSocketFactory(filtered(settings.sslSocketFactory()), trusted);
        } else if (trusted != null) {
            TrustedAuthorities.Trust all = TrustedAuthorities.added(http.authorities(), trusted);
            client.sslSocketFactory(filtered(all.sockets()), all.manager());
        }
        return client.build();
    }

    private SSLSocketFactory filtered(SSLSocketFactory sockets) {
        return new FilteredTls(sockets, filters);
    }

    private static Proxy proxy(Http.Proxy named) {
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(named.host(), named.port()));
    }

    private Stream<ConnectionPool> pools() {
        return plain.stream().map(OkHttpClient::connectionPool);
    }

    int activeConnections() {
        return pools().mapToInt(pool -> Math.max(0, pool.connectionCount() - pool.idleConnectionCount())).sum();
    }

    /** Ends all calls and connections. */
    void close() {
        plain.forEach(client -> client.dispatcher().cancelAll());
        pools().forEach(ConnectionPool::evictAll);
        idle.close();
    }
}
