package fanout.okhttp;

import fanout.dns.GuardedDns;
import fanout.job.CrawlJob;
import fanout.job.Http;
import fanout.socket.AddressPolicy;
import fanout.socket.GuardedSocketFactory;
import fanout.task.Ticker;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.CookieJar;
import okhttp3.Dispatcher;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;

/** OkHttp, with everything switched off that a crawl decides itself: redirects, retries, timeouts, cookies, proxies. */
final class CrawlClient {

    private static final int LEAST_IDLE_CONNECTIONS = 256;
    private static final long KEEP_ALIVE_SECONDS = 30;

    private CrawlClient() {}

    /**
     * A client for one crawl. TLS settings and protocols are the base's, and nothing else: its cache would answer without a
     * network, and its interceptors and authenticators would send requests that are not counted.
     */
    static OkHttpClient of(OkHttpClient base, CrawlJob job, AddressPolicy policy, GuardedDns dns,
            OkHttpInternals internals, Ticker ticker) {
        HostnameVerifier verifier = base.hostnameVerifier();
        return withCertificatesOf(base, job.http()).protocols(base.protocols())
                .connectionSpecs(base.connectionSpecs())
                .certificatePinner(base.certificatePinner())
                // A pool of its own makes "no connection left" a statement about this crawl.
                .connectionPool(new ConnectionPool(Math.max(LEAST_IDLE_CONNECTIONS, job.concurrency()),
                        KEEP_ALIVE_SECONDS, TimeUnit.SECONDS))
                .dispatcher(new Dispatcher())
                .eventListenerFactory(call -> AttemptProgress.of(call.request())
                        .map(EventListener.class::cast)
                        .orElse(EventListener.NONE))
                .addNetworkInterceptor(new StrictExchange(internals))
                .socketFactory(new GuardedSocketFactory(policy, ticker))
                .dns(dns)
                .proxy(job.http().proxy().map(CrawlClient::proxy).orElse(Proxy.NO_PROXY))
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
    }

    private static OkHttpClient.Builder withCertificatesOf(OkHttpClient base, Http http) {
        OkHttpClient.Builder client = new OkHttpClient.Builder();
        X509TrustManager trusted = base.x509TrustManager();
        if (trusted != null && http.authorities().isEmpty()) { // a client without TLS has none
            client.sslSocketFactory(base.sslSocketFactory(), trusted);
        } else if (trusted != null) {
            TrustedAuthorities.add(http.authorities(), trusted, client);
        }
        http.proxy().flatMap(Http.Proxy::login).ifPresent(login -> client.proxyAuthenticator(new ProxyLogin(login)));
        return client;
    }

    private static Proxy proxy(Http.Proxy named) {
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(named.host(), named.port()));
    }
}
