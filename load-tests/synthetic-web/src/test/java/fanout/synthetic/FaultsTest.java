package fanout.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class FaultsTest {

    private final HttpClient client = HttpClient.newHttpClient();

    /** Every page but the index has the fault. */
    private static SyntheticWeb allPages(Fault fault) {
        return SyntheticWeb.builder().pagesPerHost(10).fault(fault, 1).start();
    }

    @Test
    void aFlakyPageHealsAfterItsFailures() throws Exception {
        try (SyntheticWeb web = allPages(new Fault.Flaky(500, 2))) {
            assertThat(IntStream.range(0, 4).map(_ -> get(web.urlOf(0, 4)).statusCode()))
                    .containsExactly(500, 500, 200, 200);
            assertThat(get(web.urlOf(0, 5)).statusCode()).isEqualTo(500);
        }
    }

    @Test
    void tooManyRequestsNamesATimeInSecondsOrAsADate() {
        try (SyntheticWeb seconds = allPages(new Fault.TooManyRequests(1, Duration.ofSeconds(3), false));
                SyntheticWeb date = allPages(new Fault.TooManyRequests(1, Duration.ofSeconds(3), true))) {
            assertThat(get(seconds.urlOf(0, 1)).headers().firstValue("Retry-After")).contains("3");
            Instant before = Instant.now();
            String until = get(date.urlOf(0, 1)).headers().firstValue("Retry-After").orElseThrow();
            assertThat(ZonedDateTime.parse(until, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant())
                    .isBetween(before.plusSeconds(3), Instant.now().plusSeconds(4));
            assertThat(get(date.urlOf(0, 1)).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aLoopLeadsBackToWhereItBegan() {
        try (SyntheticWeb web = allPages(new Fault.Loop(307))) {
            HttpResponse<String> there = get(web.urlOf(0, 2));
            assertThat(there.statusCode()).isEqualTo(307);
            HttpResponse<String> back = get(web.urlOf(0, there.headers().firstValue("Location").orElseThrow()));
            assertThat(back.headers().firstValue("Location")).contains("/page/2.html");
            assertThat(web.expectedPages().get(web.urlOf(0, 2)).kind()).isEqualTo(ExpectedPage.Kind.REDIRECT_LOOP);
        }
    }

    @Test
    void aCookieWallLetsInWhoBringsTheCookie() throws Exception {
        try (SyntheticWeb web = allPages(new Fault.CookieWall())) {
            String station = get(web.urlOf(0, 2)).headers().firstValue("Location").orElseThrow();
            HttpResponse<String> gives = get(web.urlOf(0, station));
            assertThat(gives.headers().firstValue("Set-Cookie")).contains("seen=yes; Path=/page/2.html");
            assertThat(gives.headers().firstValue("Location")).contains("/page/2.html");
            HttpRequest withCookie = HttpRequest.newBuilder(URI.create(web.urlOf(0, 2)))
                    .header("Cookie", "seen=yes")
                    .build();
            assertThat(client.send(withCookie, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(200);
            assertThat(web.expectedPages().get(web.urlOf(0, 2)).kind()).isEqualTo(ExpectedPage.Kind.OK);
        }
    }

    @Test
    void aResetIsSeenAsOne() throws Exception {
        try (SyntheticWeb web = allPages(new Fault.Reset());
                Socket socket = ask(web, "/page/1.html")) {
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThat(web.arrivals()).extracting(Arrival::status).containsExactly(0);
        }
    }

    @Test
    void aTruncatedBodyEndsBeforeItsLength() throws Exception {
        try (SyntheticWeb web = allPages(new Fault.Truncated());
                Socket socket = ask(web, "/page/1.html")) {
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(all).contains("Content-Length: 2048\r\n");
            assertThat(all.substring(all.indexOf("\r\n\r\n") + 4)).hasSize(1024);
        }
    }

    @Test
    void aStalledPageSaysNothingAndNoticesThatTheClientLeaves() throws Exception {
        try (SyntheticWeb web = allPages(new Fault.Stalled())) {
            try (Socket socket = ask(web, "/page/1.html")) {
                socket.setSoTimeout(100);
                assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
                assertThat(web.inFlight()).isEqualTo(1);
                assertThat(web.openConnections()).isEqualTo(1);
            }
            await().until(() -> web.openConnections() == 0 && web.inFlight() == 0);
        }
    }

    @Test
    void aDrippingBodyComesAByteAtATime() throws Exception {
        Duration pause = Duration.ofMillis(10);
        long start = System.nanoTime(); // before the request: bytes may come while this thread does not run
        try (SyntheticWeb web = allPages(new Fault.Dripping(pause));
                Socket socket = ask(web, "/page/1.html")) {
            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            assertThat(head).startsWith("HTTP/1.1 200").contains("Content-Length: 2048");
            assertThat(in.readNBytes(10)).hasSize(10);
            assertThat(System.nanoTime() - start).isGreaterThan(pause.multipliedBy(8).toNanos());
        }
    }

    @Test
    void aBombIsSmallUntilItIsDecompressed() throws Exception {
        try (SyntheticWeb web = allPages(new Fault.Bomb(2))) {
            HttpResponse<byte[]> answer = client.send(
                    HttpRequest.newBuilder(URI.create(web.urlOf(0, 1))).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.headers().firstValue("Content-Encoding")).hasValue("gzip");
            assertThat(answer.body()).hasSizeLessThan(4096);
            try (InputStream body = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
                assertThat(body.readAllBytes()).hasSize(2 << 20);
            }
            assertThat(web.expectedPages().get(web.urlOf(0, 1)).kind()).isEqualTo(ExpectedPage.Kind.TOO_LARGE);
        }
    }

    @Test
    void robotsTxtSaysWhatWasPlannedForEachHost() {
        try (SyntheticWeb web = SyntheticWeb.builder()
                .hosts(4)
                .pagesPerHost(30)
                .linksPerPage(30)
                .sitemaps()
                .robotsOf(0, Robots.disallow("/page/1").crawlDelay(Duration.ofMillis(1500)))
                .robotsOf(1, Robots.failing(503))
                .robotsOf(2, Robots.allowAll().after(Duration.ofMillis(50)))
                .start()) {
            assertThat(get(web.urlOf(0, "/robots.txt")).body()).isEqualTo("""
                    User-agent: *
                    Disallow: /page/1
                    Crawl-delay: 1.5
                    Sitemap: %s
                    """.formatted(web.urlOf(0, "/sitemap.xml")));
            assertThat(IntStream.range(1, 4).map(host -> get(web.urlOf(host, "/robots.txt")).statusCode()))
                    .containsExactly(503, 200, 404);
            assertThat(get(web.urlOf(0, "/sitemap.xml")).body().split("<loc>", -1)).hasSize(31);

            assertThat(web.expectedPages().get(web.urlOf(0, 1)).kind()).isEqualTo(ExpectedPage.Kind.DISALLOWED);
            assertThat(web.expectedPages().get(web.urlOf(0, 2)).kind()).isEqualTo(ExpectedPage.Kind.OK);
            assertThat(web.expectedPages(1).values())
                    .extracting(ExpectedPage::kind)
                    .containsExactly(ExpectedPage.Kind.DISALLOWED);
        }
    }

    private HttpResponse<String> get(String url) {
        try {
            return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Socket ask(SyntheticWeb web, String path) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), web.port());
        String request = "GET " + path + " HTTP/1.1\r\nHost: " + web.hostOf(0) + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }
}
