package fanout.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import fanout.internal.limit.IdleConnections;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.url.CanonicalUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.SocketFactory;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.Dispatcher;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Test;

class CrawlClientsTest {

    private static final CanonicalUrl IN_THE_CLEAR = CanonicalUrl.of("http://a.example.org/");
    private static final CanonicalUrl SECURED = CanonicalUrl.of("https://a.example.org/");

    private static CrawlClients over(Optional<OkHttpClient> base) {
        return over(base, CrawlJob.builder("test").startUrl("http://a.example.org/"));
    }

    private static CrawlClients over(Optional<OkHttpClient> base, CrawlJob.Builder builder) {
        return over(base, builder, new IdleConnections(0));
    }

    private static CrawlClients over(Optional<OkHttpClient> base, CrawlJob.Builder builder, IdleConnections idle) {
        CrawlJob job = builder.build();
        AddressPolicy policy = new AddressPolicy(job.network());
        try (SystemResolver resolver = new SystemResolver(Ticker.system())) {
            return CrawlClients.of(base, job, policy, new GuardedDns(resolver, policy), idle,
                    OkHttpInternals.present(), Ticker.system());
        }
    }

    @Test
    void onlySecuredUrlsPayForTls() {
        CrawlClients clients = over(Optional.empty());
        assertThat(clients.of(IN_THE_CLEAR).x509TrustManager()).isNull();
        assertThat(clients.of(SECURED).x509TrustManager()).isNotNull();
        assertThat(clients.of(SECURED)).isSameAs(clients.of(SECURED));
        clients.close();
    }

    @Test
    void bothClientsShareOnePool() {
        CrawlClients clients = over(Optional.empty());
        assertThat(clients.of(SECURED).connectionPool()).isSameAs(clients.of(IN_THE_CLEAR).connectionPool());
        assertThat(clients.of(SECURED).dispatcher()).isSameAs(clients.of(IN_THE_CLEAR).dispatcher());
        clients.close();
    }

    @Test
    void executorOfTheDispatcherIsShutDown() {
        CrawlClients clients = over(Optional.empty());
        Dispatcher dispatcher = clients.of(IN_THE_CLEAR).dispatcher();
        assertThat(dispatcher.executorService().isShutdown()).isFalse();
        clients.close();
        assertThat(dispatcher.executorService().isShutdown()).isTrue();
    }

    @Test
    void eachPoolHasADispatcherOfItsOwn() {
        CrawlClients clients = over(Optional.empty(),
                CrawlJob.builder("test").startUrl("http://a.example.org/").concurrency(1_000));
        for (String scheme : List.of("http", "https")) {
            Map<Dispatcher, ConnectionPool> pools = new HashMap<>();
            for (int host = 0; host < 100; host++) {
                OkHttpClient client = clients.of(CanonicalUrl.of(scheme + "://h" + host + ".example.org/"));
                assertThat(pools.putIfAbsent(client.dispatcher(), client.connectionPool()))
                        .isIn(null, client.connectionPool());
            }
            assertThat(pools).as(scheme).hasSizeGreaterThan(1);
        }
        clients.close();
    }

    @Test
    void crawlsShareIdleConnectionsUntilTheClientsAreClosed() {
        IdleConnections idle = new IdleConnections(Long.MAX_VALUE);
        CrawlClients clients = over(Optional.empty(), CrawlJob.builder("test").startUrl("http://a.example.org/"), idle);
        assertThat(poolsOf(clients)).as("of 1,280 connections, 256 each").hasSize(5);
        try (IdleConnections.Share other = idle.reserve(1)) {
            assertThat(other.connections()).isEqualTo(640);
        }
        clients.close();
        assertThat(idle.reserve(1).connections()).isEqualTo(1_280);
    }

    private static Set<ConnectionPool> poolsOf(CrawlClients clients) {
        return IntStream.range(0, 1_000)
                .mapToObj(host -> clients.of(CanonicalUrl.of("http://h" + host + ".example.org/")).connectionPool())
                .collect(Collectors.toSet());
    }

    @Test
    void baseThatRefusesClearTextIsObeyed() {
        OkHttpClient strict = new OkHttpClient.Builder().connectionSpecs(List.of(ConnectionSpec.MODERN_TLS)).build();
        CrawlClients clients = over(Optional.of(strict));
        assertThat(clients.of(IN_THE_CLEAR).connectionSpecs()).containsExactly(ConnectionSpec.MODERN_TLS);
        clients.close();
    }

    /** A crawl of many workers has many pools. What is in any of them counts, and is closed. */
    @Test
    void connectionsOfAllPoolsCountAndAreClosed() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CrawlJob.Builder job = CrawlJob.builder("test").startUrl("http://a.example.org/").concurrency(1_000);
            CrawlClients clients = over(Optional.empty(), job);
            List<OkHttpClient> all = new ArrayList<>();
            for (int host = 0; all.size() < 2; host++) {
                OkHttpClient client = clients.of(CanonicalUrl.of("http://h" + host + ".example.org/"));
                if (!all.contains(client)) {
                    all.add(client);
                }
            }
            String url = "http://127.0.0.1:" + server.getLocalPort() + "/";
            List<Call> calls = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (OkHttpClient client : all) {
                Call call = client.newBuilder()
                        .dns(Dns.SYSTEM)
                        .socketFactory(SocketFactory.getDefault())
                        .build()
                        .newCall(new Request.Builder().url(url).build());
                calls.add(call);
                threads.add(Thread.ofVirtual()
                        .start(() -> assertThatThrownBy(call::execute)
                                .isInstanceOf(IOException.class)));
            }
            try (Socket _ = server.accept(); Socket _ = server.accept()) {
                await().atMost(Duration.ofSeconds(20)).until(() -> clients.activeConnections() == 2);
                clients.close();
                await().atMost(Duration.ofSeconds(20)).until(() -> calls.stream().allMatch(Call::isCanceled));
                await().atMost(Duration.ofSeconds(20)).until(() -> clients.activeConnections() == 0);
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> threads.stream().noneMatch(Thread::isAlive));
        }
    }
}
