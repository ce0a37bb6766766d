package fanout.internal.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import fanout.internal.limit.IdleConnections;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.job.Http;
import fanout.url.CanonicalUrl;
import fanout.url.Host;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.CookieJar;
import okhttp3.Dispatcher;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * OkHttp for one crawl, with everything switched off that a crawl decides itself: redirects, retries, timeouts,
 * cookies, proxies. TLS settings and protocols are those of a base client, and nothing else of it is used: its cache
 * would answer without a network, and its interceptors and authenticators would send requests that are not counted.
 *
 * <p>There are two clients for each pool of connections, see {@link PoolChoice}, with one dispatcher, which looks
 * through its calls at the end of each. The one for {@code http} has no TLS; those for {@code https} are made for the
 * first URL that needs one, because to read the certificates of the authorities takes a tenth of a second.
 *
 * <p>Thread-safe: one lock, held while those clients are made. That waits for nothing.
 */
final class CrawlClients {

    private static final long KEEP_ALIVE_SECONDS = 30;
    private static final String UNTRUSTED = "this JDK cannot trust the certificates of http.caFile";

    private final Optional<OkHttpClient> base;
    private final Http http;
    private final PoolChoice choice;
    private final List<OkHttpClient> plain;
    private final IdleConnections.Share idle;
    private final OkHttpInternals internals;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private List<OkHttpClient> secured = List.of();

    private CrawlClients(Optional<OkHttpClient> base, Http http, PoolChoice choice, List<OkHttpClient> plain,
            IdleConnections.Share idle, OkHttpInternals internals) {
        this.base = base;
        this.http = http;
        this.choice = choice;
        this.plain = plain;
        this.idle = idle;
        this.internals = internals;
    }

    /**
     * Clients for one crawl.
     *
     * @param base whose TLS settings and protocols are used; OkHttp's defaults if empty
     * @param idle of all crawls, of which these clients have a share until they are closed
     */
    static CrawlClients of(Optional<OkHttpClient> base, CrawlJob job, AddressPolicy policy, GuardedDns dns,
            IdleConnections idle, OkHttpInternals internals, Ticker ticker) {
        OkHttpClient.Builder client = new OkHttpClient.Builder();
        base.ifPresent(given -> client.protocols(given.protocols()));
        client.connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
                .eventListenerFactory(call -> HttpExchange.of(call.request())
                        .map(EventListener.class::cast)
                        .orElse(EventListener.NONE))
                .addNetworkInterceptor(chain -> HttpExchange.proceed(chain, internals))
                .socketFactory(GuardedSocket.factory(policy, ticker, () -> new ReceivedHeads(internals)))
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
                .ifPresent(login -> client.proxyAuthenticator((route, response) -> loggedIn(response, login)));
        OkHttpClient common = client.build();
        IdleConnections.Share share = idle.reserve(job.concurrency());
        PoolChoice choice = PoolChoice.of(job, share.connections());
        int each = Math.ceilDiv(share.connections(), choice.pools());
        // Pools of its own make "no connection left" a statement about this crawl.
        return new CrawlClients(base, job.http(), choice, Stream
                .generate(() -> new ConnectionPool(each, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS))
                .limit(choice.pools())
                .map(pool -> common.newBuilder().connectionPool(pool).dispatcher(new Dispatcher()).build())
                .toList(), share, internals);
    }

    /**
     * Tells a proxy the job's login, before a tunnel is opened and when a proxy answers 407; in requests that the proxy
     * forwards it is from the start. A proxy that refuses it is not asked again.
     */
    private static @Nullable Request loggedIn(Response response, Http.Login login) {
        return response.request().header(Requests.PROXY_LOGIN) != null
                ? null
                : response.request().newBuilder().header(Requests.PROXY_LOGIN, Requests.proxyLogin(login)).build();
    }

    OkHttpInternals internals() {
        return internals;
    }

    /** The same clients with something more in them. */
    CrawlClients with(UnaryOperator<OkHttpClient.Builder> more) {
        return new CrawlClients(base, http, choice,
                plain.stream().map(client -> more.apply(client.newBuilder()).build()).toList(), idle, internals);
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
        if (trusted != null && http.authorities().isEmpty()) { // a client without TLS trusts no authority
            client.sslSocketFactory(filtered(settings.sslSocketFactory()), trusted);
        } else if (trusted != null) {
            X509TrustManager all = trustedToo(http.authorities(), trusted);
            client.sslSocketFactory(filtered(sockets(all)), all);
        }
        return client.build();
    }

    private SSLSocketFactory filtered(SSLSocketFactory sockets) {
        return new FilteredTls(sockets, () -> new ReceivedHeads(internals));
    }

    /** Returns trust in the authorities of a job and in those that a manager trusts. */
    private static X509TrustManager trustedToo(List<X509Certificate> authorities, X509TrustManager base) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (X509Certificate known : base.getAcceptedIssuers()) {
                store.setCertificateEntry("known-" + number++, known);
            }
            for (X509Certificate given : authorities) {
                store.setCertificateEntry("given-" + number++, given);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager x509) {
                    return x509;
                }
            }
            throw new GeneralSecurityException("no manager for X.509");
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(UNTRUSTED, e);
        }
    }

    private static SSLSocketFactory sockets(X509TrustManager trusted) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[]{trusted}, null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(UNTRUSTED, e);
        }
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
        for (OkHttpClient client : plain) {
            client.dispatcher().cancelAll();
            // Made at the end of a call, whether or not there are calls that need its threads.
            client.dispatcher().executorService().shutdown();
        }
        pools().forEach(ConnectionPool::evictAll);
        idle.close();
    }

    /**
     * In which of a crawl's pools a thread has its connections to a host. For each request OkHttp may look at every
     * connection of a pool, and it does so when one becomes idle; so a pool has up to some dozens in use, and keeps up
     * to a few hundred. All connections to a host are in one pool; or, where the job allows more to it than a pool
     * should have in use, in so many pools, and each thread keeps to one of these: it finds there what it used last.
     * Immutable.
     *
     * @param pools of the crawl
     */
    record PoolChoice(int pools, CrawlJob job) {

        /** What a pool should have in use. */
        private static final int IN_USE = 64;
        /** What a pool should keep. */
        private static final int IDLE = 256;

        /** @param connections that the crawl may keep, in all pools */
        static PoolChoice of(CrawlJob job, int connections) {
            return new PoolChoice(Math.max(Math.ceilDiv(job.concurrency(), IN_USE), Math.ceilDiv(connections, IDLE)),
                    job);
        }

        /** The number of a pool, from 0 on. */
        int of(Host host, long thread) {
            if (pools == 1) {
                return 0;
            }
            int inUse = Math.min(job.concurrency(), job.politeness().mannersFor(host).perHostConcurrency());
            return Math.floorMod(host.hashCode() + thread % Math.ceilDiv(inUse, IN_USE), pools);
        }
    }
}
