package fanout.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.fetch.Fetch;
import fanout.internal.task.Ticker;
import fanout.job.Cidr;
import fanout.job.Http;
import fanout.job.Network;
import fanout.outcome.Failure;
import fanout.url.CanonicalUrl;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRefusalTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static Resolver answering(String... addresses) {
        return new SystemResolver(host -> Arrays.stream(addresses)
                .map(InetAddress::ofLiteral)
                .toArray(InetAddress[]::new), 2, Ticker.system());
    }

    private static Fetching guarded(Resolver resolver, String... allowed) {
        return Fetching.of(job -> job.network(new Network(false, Arrays.stream(allowed).map(Cidr::parse).toList())),
                new OkHttpClient(), resolver);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1", "0x7f.1", "0177.0.0.1", "2130706433", "0x7f000001", "017700000001",
        "127.0.0.1.", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "%31%32%37.0.0.1", "localhost", "LOCALHOST.",
        "rebound.example"})
    void serverOnThisMachineSeesNoConnectionHoweverItIsSpelt(String host) throws Exception {
        try (RawServer server = RawServer.answering(OK); Fetching fetching = guarded(answering("127.0.0.1"))) {
            String url = "http://" + host + ":" + server.port() + "/";
            assertThat(CanonicalUrl.parse(url)).isPresent();

            assertThat(fetching.failure(url)).isInstanceOf(Failure.PrivateAddress.class)
                    .satisfies(failure -> assertThat(failure.detail()).contains("127.0.0.1"));
            assertThat(server.accepted).hasValue(0);
        }
    }

    @Test
    void ipv6LoopbackSeesNoConnection() throws Exception {
        try (RawServer server = RawServer.on("::1", (socket, in) -> RawServer.send(socket, OK));
                Fetching fetching = guarded(answering("::1"))) {
            assertThat(fetching.failure("http://[::1]:" + server.port() + "/"))
                    .isInstanceOf(Failure.PrivateAddress.class);
            assertThat(fetching.failure("http://six.example:" + server.port() + "/"))
                    .isInstanceOf(Failure.PrivateAddress.class);
            assertThat(server.accepted).hasValue(0);
        }
    }

    @Test
    void listedBlockHoldsForTheWholeJob() throws Exception {
        try (RawServer first = RawServer.answering(OK); RawServer second = RawServer.on("127.0.0.2", (socket, in) -> {
            RawServer.readHead(in);
            RawServer.send(socket, OK);
        });
                Fetching fetching = guarded(answering("127.0.0.1", "127.0.0.2"), "127.0.0.2/32")) {
            assertThat(fetching.failure(first.url("/"))).isInstanceOf(Failure.PrivateAddress.class);
            assertThat(fetching.response(second.url("/")).head().status()).isEqualTo(200);
            assertThat(fetching.response("http://mixed.example:" + second.port() + "/").attempt().ip())
                    .as("of a name's addresses the allowed one is taken")
                    .contains("127.0.0.2");
            assertThat(first.accepted).hasValue(0);
        }
    }

    @Test
    void addressIsCheckedAgainWhereTheSocketConnects() throws Exception {
        AddressPolicy policy = new AddressPolicy(Network.DEFAULT);
        try (RawServer server = RawServer.answering(OK);
                Socket socket = GuardedSocket.factory(policy, Ticker.system(), () -> new ConnectionFilter() {})
                        .createSocket()) {
            java.net.InetSocketAddress loopback =
                    new java.net.InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), server.port());
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> socket.connect(loopback))
                    .isInstanceOf(AddressRefused.class);
            assertThat(server.accepted).hasValue(0);
        }
    }

    private static Fetching proxied(int proxyPort, Resolver resolver, String... allowed) {
        return Fetching.of(job -> job
                .http(new Http("test/1", Map.of(), false, Optional.of(new Http.Proxy("127.0.0.1", proxyPort)),
                        List.of()))
                .network(new Network(false, Arrays.stream(allowed).map(Cidr::parse).toList())), new OkHttpClient(),
                resolver);
    }

    @Test
    void requestGoesThroughTheProxyOfTheJob() throws Exception {
        Queue<String> lines = new ArrayDeque<>();
        try (RawServer proxy = RawServer.serving((socket, in) -> {
            StringBuilder line = new StringBuilder();
            for (int b = in.read(); b != '\r'; b = in.read()) {
                line.append((char) b);
            }
            lines.add(line.toString());
            RawServer.readHead(in);
            RawServer.send(socket, OK);
        });
                Fetching fetching = proxied(proxy.port(), answering("93.184.216.34"), "127.0.0.1")) {
            Fetch.Response response = fetching.response("http://far.example/page?q=1");

            assertThat(response.attempt().ip()).contains("127.0.0.1");
            assertThat(lines).containsExactly("GET http://far.example/page?q=1 HTTP/1.1");
        }
    }

    @Test
    void proxyOfItsOwnMustBeAllowed() throws Exception {
        try (RawServer proxy = RawServer.answering(OK);
                Fetching fetching = proxied(proxy.port(), answering("93.184.216.34"))) {
            assertThat(fetching.failure("http://far.example/")).isInstanceOf(Failure.PrivateAddress.class);
            assertThat(proxy.accepted).hasValue(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "https://[fd00::1]/",
        "http://inside.example/"})
    void proxyIsNotAskedForWhatTheJobMayNotReach(String url) throws Exception {
        try (RawServer proxy = RawServer.answering(OK);
                Fetching fetching = proxied(proxy.port(), answering("8.8.8.8", "192.168.0.1"), "127.0.0.1")) {
            assertThat(fetching.failure(url)).isInstanceOf(Failure.PrivateAddress.class);
            assertThat(proxy.accepted).hasValue(0);
        }
    }

    @Test
    void nameThatOnlyTheProxyKnowsIsAskedOfIt() throws Exception {
        Resolver knowsNothing = new SystemResolver(host -> {
            throw new java.net.UnknownHostException(host);
        }, 2, Ticker.system());
        try (RawServer proxy = RawServer.answering(OK);
                Fetching fetching = proxied(proxy.port(), knowsNothing, "127.0.0.1")) {
            assertThat(fetching.response("http://only-there.example/").head().status()).isEqualTo(200);
        }
    }

    @Test
    void proxyThatRefusesATunnelIsAConnectionFailure() throws Exception {
        try (RawServer proxy = RawServer.answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
                Fetching fetching = proxied(proxy.port(), answering("93.184.216.34"), "127.0.0.1")) {
            assertThat(fetching.failure("https://far.example/")).isInstanceOf(Failure.Connection.class);
        }
    }

    @Test
    void noProxyIsTakenFromTheEnvironment() throws Exception {
        try (RawServer server = RawServer.answering(OK); RawServer proxy = RawServer.answering(OK)) {
            for (String key : List.of("http.proxyHost", "socksProxyHost")) {
                System.setProperty(key, "127.0.0.1");
                System.setProperty(key.replace("Host", "Port"), String.valueOf(proxy.port()));
                System.setProperty("http.nonProxyHosts", "");
            }
            try (Fetching fetching = Fetching.plain()) {
                assertThat(fetching.response(server.url("/")).head().status()).isEqualTo(200);
                assertThat(proxy.accepted).hasValue(0);
            } finally {
                for (String key : List.of("http.proxyHost", "http.proxyPort", "socksProxyHost", "socksProxyPort",
                        "http.nonProxyHosts")) {
                    System.clearProperty(key);
                }
            }
        }
    }
}
