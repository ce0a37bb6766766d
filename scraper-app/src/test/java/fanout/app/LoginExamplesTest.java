package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import fanout.app.demo.DemoShop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the examples that log in, as {@link ExamplesTest}. Their secrets are given by an option. */
@Timeout(60)
class LoginExamplesTest {

    private static final String LOOPBACK = "network.allowedCidrs=[127.0.0.0/8]";
    private static final String QUICK = "politeness.delay=1ms";

    @TempDir
    private Path folder;

    private ExampleRun run;

    @BeforeEach
    void prepare() {
        run = new ExampleRun(folder);
    }

    /** The shop's token is good once, and a session ends after 20 pages. */
    @Test
    void theOrdersBehindALoginAreRead() throws IOException {
        try (DemoShop shop = DemoShop.open(0)) {
            int code = run.crawl("login", "startUrls=[\"" + shop.origin() + "/account/orders\"]", LOOPBACK, QUICK,
                    "session.login=[\"" + shop.origin()
                            + "/login\", {form: \"form#login\", fields: {user: demo, password: garden-gate}}]");

            assertThat(code).as(run.said()).isZero();
            assertThat(run.outcomes()).hasSize(24 + 6).values().containsOnly("ok");
            assertThat(run.items("orders")).hasSize(24)
                    .allMatch(
                            item -> item.get("total").asDouble() > 0 && item.get("day").asString().startsWith("2026-"));
            assertThat(run.report().at("/auxiliary/logins/ok").asInt()).isGreaterThan(1);
        }
    }

    /** A token is good for two parts of the list. */
    @Test
    void aTokenIsAskedForAgainWhenItIsTooOld() throws IOException {
        List<String> received = new CopyOnWriteArrayList<>();
        AtomicInteger logins = new AtomicInteger();
        AtomicInteger served = new AtomicInteger();
        HttpServer api = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 50);
        api.createContext("/v1/login", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            served.set(0);
            answer(exchange, 200, "{\"access_token\": \"t" + logins.incrementAndGet() + "\"}");
        });
        api.createContext("/v1/customers", exchange -> {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            boolean isGood = ("Bearer t" + logins.get()).equals(authorization) && served.incrementAndGet() <= 2;
            String query = exchange.getRequestURI().getQuery();
            int part = query == null ? 1 : Integer.parseInt(query.substring("part=".length()));
            answer(exchange, isGood ? 200 : 401, isGood
                    ? "{\"customers\": [{\"id\": \"c" + part + "\", \"town\": \"Ely\"}], \"next\": "
                            + (part < 5 ? "\"/v1/customers?part=" + (part + 1) + "\"}" : "null}")
                    : "{}");
        });
        api.start();
        try {
            String origin = "http://127.0.0.1:" + api.getAddress().getPort();
            int code = run.crawl("bearer-token", "startUrls=[\"" + origin + "/v1/customers\"]", LOOPBACK, QUICK,
                    "politeness.obeyRobots=false", "session.login=[{url: \"" + origin
                            + "/v1/login\", method: POST, json: {key: k}, values: {token: {json: /access_token}}}]");

            assertThat(code).as(run.said()).isZero();
            assertThat(run.items("customers")).extracting(item -> item.get("id").asString())
                    .containsExactly("c1", "c2", "c3", "c4", "c5");
            assertThat(run.outcomes()).hasSize(5).values().containsOnly("ok");
            assertThat(received).hasSize(3).containsOnly("{\"key\":\"k\"}");
        } finally {
            api.stop(0);
        }
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
