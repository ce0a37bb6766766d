package fanout.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.Ticker;
import fanout.job.Cidr;
import fanout.job.Http;
import fanout.job.Network;
import fanout.outcome.Failure;
import fanout.url.AddressName;
import fanout.url.CanonicalUrl;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * With the defaults a crawl reaches the public network only, however an address is written and wherever it comes from.
 */
@Timeout(60)
class ForbiddenAddressesTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

    private static Trap trap;
    private static Fetching fetching;

    @BeforeAll
    static void open() {
        trap = new Trap();
        fetching = Fetching.of(job -> job.network(Network.DEFAULT));
    }

    @AfterAll
    static void close() {
        fetching.close();
        trap.close();
    }

    static List<String> hosts() {
        return ForbiddenAddresses.all();
    }

    /** The addresses of the literals, as a name server could give them. */
    static Stream<InetAddress> addresses() {
        return ForbiddenAddresses.literals()
                .stream()
                .map(host -> CanonicalUrl.of("http://" + host).host().name())
                .distinct()
                .map(InetAddress::ofLiteral);
    }

    private static Resolver knowing(InetAddress... addresses) {
        return new SystemResolver(host -> addresses, 2, Ticker.system());
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void noSpellingOpensAConnection(String host) throws Exception {
        assertThat(hosts()).hasSizeGreaterThan(60);
        assertThat(fetching.failure("http://" + host + ":" + trap.port() + "/"))
                .isInstanceOf(Failure.PrivateAddress.class);
        assertThat(fetching.failure("https://" + host + ":" + trap.port() + "/"))
                .isInstanceOf(Failure.PrivateAddress.class);
        assertThat(trap.isUntouched()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void noNameLeadsThere(InetAddress address) throws Exception {
        try (Fetching named = Fetching.of(job -> job.network(Network.DEFAULT), new OkHttpClient(), knowing(address))) {
            assertThat(named.failure("http://harmless.example:" + trap.port() + "/"))
                    .isInstanceOfSatisfying(Failure.PrivateAddress.class,
                            refused -> assertThat(refused.detail()).contains(AddressName.of(address)));
            assertThat(trap.isUntouched()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void noProxyIsThere(InetAddress address) throws Exception {
        Http.Proxy proxy = new Http.Proxy(address.getHostAddress(), trap.port());
        try (Fetching proxied = Fetching.of(job -> job.network(Network.DEFAULT)
                .http(new Http("test/1", Map.of(), false, Optional.of(proxy), List.of())), new OkHttpClient(),
                knowing(InetAddress.ofLiteral("8.8.8.8"), address))) {
            for (String url : List.of("http://8.8.8.8/", "https://8.8.8.8/")) {
                assertThat(proxied.failure(url)).isInstanceOf(Failure.PrivateAddress.class);
            }
            assertThat(trap.isUntouched()).isTrue();
        }
    }

    /** The name has an allowed address when it is looked up first, and another one later. */
    @Test
    void aNameThatTurnsInwardIsNotFollowed() throws Exception {
        Queue<InetAddress> answers =
                new ArrayDeque<>(List.of(InetAddress.ofLiteral("127.9.9.9"), InetAddress.ofLiteral("127.0.0.1")));
        Resolver rebinding = new SystemResolver(host -> new InetAddress[]{answers.remove()}, 2, Ticker.system());
        try (RawServer outside = RawServer.on("127.9.9.9", (socket, in) -> {
            RawServer.readHead(in);
            RawServer.send(socket, OK);
        });
                Fetching named =
                        Fetching.of(job -> job.network(new Network(false, List.of(Cidr.parse("127.9.9.9/32")))),
                                new OkHttpClient(), rebinding)) {
            String url = "http://turning.example:" + outside.port() + "/";
            assertThat(named.response(url).attempt().ip()).contains("127.9.9.9");
            assertThat(named.failure(url)).isInstanceOf(Failure.PrivateAddress.class);
            assertThat(outside.accepted).hasValue(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"127.7.0.4/32, 127.7.0.4, 127.7.0.4", "127.7.0.4/31, 127.7.0.4, 127.7.0.5",
        "127.7.0.8/30, 127.7.0.8, 127.7.0.11", "127.8.0.0/16, 127.8.0.0, 127.8.255.255"})
    void aListedBlockOpensWhatItListsAndNotItsNeighbours(String block, String first, String last) throws Exception {
        try (RawServer server = RawServer.on("0.0.0.0", (socket, in) -> {
            RawServer.readHead(in);
            RawServer.send(socket, OK);
        });
                Fetching opened = Fetching.of(job -> job.network(new Network(false, List.of(Cidr.parse(block)))))) {
            for (String neighbour : List.of(next(first, -1), next(last, 1))) {
                assertThat(opened.failure("http://" + neighbour + ":" + server.port() + "/")).as(neighbour)
                        .isInstanceOf(Failure.PrivateAddress.class);
            }
            assertThat(server.accepted).hasValue(0);
            for (String listed : List.of(first, last)) {
                assertThat(opened.response("http://" + listed + ":" + server.port() + "/").attempt().ip())
                        .contains(listed);
            }
        }
    }

    private static String next(String ip, int step) {
        List<String> parts = new ArrayList<>();
        long number = 0;
        for (byte each : InetAddress.ofLiteral(ip).getAddress()) {
            number = (number << 8) | (each & 255);
        }
        for (int shift = 24; shift >= 0; shift -= 8) {
            parts.add(String.valueOf(((number + step) >> shift) & 255));
        }
        return String.join(".", parts);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.3.2.1", "::1"})
    void theTrapWouldHaveNoticed(String address) throws Exception {
        try (Trap other = new Trap(); Socket _ = new Socket(InetAddress.ofLiteral(address), other.port())) {
            assertThat(other.isUntouched()).isFalse();
            assertThat(other.isUntouched()).as("no second connection came").isTrue();
        }
    }
}
