package fanout.app.service;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A secret of a service, which its jobs send and nothing shows. */
@Timeout(60)
class SecretsServiceTest {

    private static final String HUSH = "hush-0815";

    private final List<String> received = new CopyOnWriteArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);

    @TempDir
    private Path folder;

    private HttpServer server;

    @BeforeEach
    void openSite() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 50);
        server.createContext("/", exchange -> {
            try (exchange) {
                String sent = Stream.of("X-Key", "Proxy-Authorization", "X-All")
                        .map(name -> exchange.getRequestHeaders().getFirst(name))
                        .map(String::valueOf)
                        .collect(Collectors.joining(" "));
                received.add(exchange.getRequestURI() + " " + sent + " "
                        + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
                if (exchange.getRequestURI().getPath().equals("/held")) {
                    release.await();
                }
                exchange.getResponseHeaders().set("Content-Type", "text/html");
                byte[] page =
                        "<title>t</title><a href='/held'>h</a><form method=post action=/posted></form>".getBytes(UTF_8);
                exchange.sendResponseHeaders(200, page.length);
                exchange.getResponseBody().write(page);
            } catch (InterruptedException e) {
                throw new IOException("the site closes", e);
            }
        });
        server.start();
    }

    @AfterEach
    void closeSite() {
        release.countDown();
        server.stop(0);
    }

    @Test
    void aSecretOfTheServiceIsSentToItsHostsAndShownNowhere() throws Exception {
        String site = "127.0.0.1:" + server.getAddress().getPort();
        Path key = Files.writeString(folder.resolve("shop.key"), HUSH + "\n");
        Path data = Files.createDirectory(folder.resolve("data"));
        String configuration = "secrets: {shop: {file: \"" + key + "\", hosts: [\"" + site + "\"]}}\n";
        try (RunningService service = RunningService.start(data, configuration, Optional.empty(),
                Duration.ofSeconds(20))) {
            Answer refused = service.submit("name: a\nstartUrls: [{url: \"http://" + site
                    + "/\", headers: {X-Key: \"${secret:other}\", X-B: \"${HOME}\"}}]\n");
            assertThat(refused.status()).as(refused.text()).isEqualTo(422);
            assertThat(refused.text()).contains("this service has no secret other", "is not replaced in a job")
                    .doesNotContain(HUSH);

            String crawl = service.submitted("""
                    name: secrets
                    startUrls:
                      - {url: "http://%1$s/", method: POST, form: {a: "${secret:shop}"}}
                      - {url: "http://localhost:%2$d/", method: POST, body: "${secret:shop}", contentType: text/plain}
                    follow: [standard, {form: form, fields: {b: "${secret:shop}"}}]
                    http: {headers: {X-Key: "${secret:shop}"}}
                    network: {allowPrivateAddresses: true}
                    politeness: {delay: 0, obeyRobots: false}
                    """.formatted(site, server.getAddress().getPort()));
            org.awaitility.Awaitility.await().until(() -> received.contains("/held " + HUSH + " null null "));
            assertThatNothingShows(service, crawl, data, List.of("", "/hosts", "/tasks", "/events?follow=false"));
            release.countDown();
            service.awaitState(crawl, "finished", "failed");
            assertThatNothingShows(service, crawl, data, List.of("", "/job", "/pages", "/items", "/report"));
            assertThat(service.get(crawl + "/job").text()).contains("${secret:shop}");
            assertThat(service.get(crawl + "/pages").text())
                    .contains("the secret secret:shop of its body does not go to");
        }
        assertThat(received).contains("/ " + HUSH + " null null a=" + HUSH,
                "/posted " + HUSH + " null null b=" + HUSH).hasSize(3);
    }

    /** The server is the proxy of two sites; the secret goes to one of them only. */
    @Test
    void headersOfASessionAndTheLoginAtTheProxyHaveSecrets() throws Exception {
        String proxy = "127.0.0.1:" + server.getAddress().getPort();
        Path key = Files.writeString(folder.resolve("shop.key"), HUSH + "\n");
        Path gate = Files.writeString(folder.resolve("gate.key"), "gate:@%/" + HUSH);
        Path data = Files.createDirectory(folder.resolve("data"));
        String configuration = """
                http: {proxy: "http://%1$s"}
                secrets:
                  shop: {file: "%2$s", hosts: [www.example.org]}
                  gate: {file: "%3$s", hosts: ["%1$s"]}
                """.formatted(proxy, key, gate);
        try (RunningService service = RunningService.start(data, configuration, Optional.empty(),
                Duration.ofSeconds(20))) {
            String crawl = service.submitted("""
                    name: members
                    startUrls: ["http://www.example.org/", "http://other.example.org/"]
                    session:
                      login: ["http://www.example.org/login"]
                      origins: ["http://www.example.org", "http://other.example.org"]
                      headers: {X-Key: "$ ${secret:shop}", X-All: "$ all"}
                    follow: []
                    network: {allowPrivateAddresses: true}
                    http: {proxy: "http://m%%65:$%%24${secret:gate}@%s"}
                    politeness: {delay: 0, obeyRobots: false}
                    """.formatted(proxy));
            service.awaitState(crawl, "finished", "failed");
            String login = "Basic " + Base64.getEncoder().encodeToString(("me:$$gate:@%/" + HUSH).getBytes(UTF_8));
            assertThat(received).containsExactlyInAnyOrder("http://www.example.org/login null " + login + " null ",
                    "http://www.example.org/ $ " + HUSH + " " + login + " $ all ",
                    "http://other.example.org/ null " + login + " $ all ");
            assertThatNothingShows(service, crawl, data, List.of("", "/job", "/pages", "/report", "/hosts", "/tasks"));
            assertThat(service.get(crawl + "/job").text()).contains("http://***@127.0.0.1");
        }
    }

    private static void assertThatNothingShows(RunningService service, String crawl, Path data, List<String> parts)
            throws IOException {
        for (String part : parts) {
            assertThat(service.get(crawl + part).text()).as(part).doesNotContain(HUSH);
        }
        for (String path : List.of("/metrics", RunningService.CRAWLS, "/", "/api/v1/jobs", "/health/ready")) {
            assertThat(service.get(path).text()).as(path).doesNotContain(HUSH);
        }
        try (Stream<Path> files = Files.walk(data)) {
            assertThat(files.filter(Files::isRegularFile)).isNotEmpty()
                    .allSatisfy(
                            file -> assertThat(new String(Files.readAllBytes(file), ISO_8859_1)).doesNotContain(HUSH));
        }
    }
}
