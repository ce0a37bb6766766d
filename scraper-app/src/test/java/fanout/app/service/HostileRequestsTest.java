package fanout.app.service;

import static fanout.app.service.RunningService.CRAWLS;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests that were damaged at random: each is answered or refused, and none is an internal error. A seed is run again
 * alone.
 */
class HostileRequestsTest {

    private static final int REQUESTS =
            Integer.getInteger("fanout.requests", Boolean.getBoolean("fanout.ci") ? 10_000 : 300);
    private static final List<String> EVIL = List.of("", "\u0000", "\r\n", "\n", "%00", "%2e%2e/", "../", "//", "\\",
            "?", "&",
            "=", "%", "%zz", "#", "{", "}", "[", "]", "\"", "'", "<script>", "é", "\u202e", "9".repeat(40), "-1",
            "x".repeat(3000),
            "HTTP/9.9", "Host: evil.example\r\n", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n",
            "Content-Length: -1\r\n", "Expect: 100-continue\r\n", "Range: bytes=0-1\r\n", "offset=", "limit=",
            "Origin: null\r\n",
            "Upgrade: websocket\r\n", "Cookie: scraper_session=\r\n", "null", "true", "{\"mode\":", "[[[[", "name: x",
            "CONNECT", "TRACE", "*", "http://127.0.0.1/", "\t", " ");

    @TempDir
    private Path data;

    private static List<String> good(RunningService service, String crawl) {
        String host = "Host: " + service.host() + "\r\n";
        String job = "name: x\nstartUrls: [\"http://127.0.0.1:1/\"]\nlimits: {maxDuration: 1s}\n";
        return List.of("GET " + CRAWLS + "?state=running&limit=5 HTTP/1.1\r\n" + host + "\r\n",
                "GET " + crawl + "/pages?offset=0&outcome=ok&q=a&limit=3 HTTP/1.1\r\n" + host + "\r\n",
                "GET " + crawl + "/items?format=csv HTTP/1.1\r\n" + host + "\r\n",
                "GET " + crawl + "/events HTTP/1.1\r\n" + host + "Last-Event-ID: abc-1\r\n\r\n",
                "GET " + crawl + "/hosts?limit=3 HTTP/1.1\r\n" + host + "\r\n",
                "GET /assets/main.js HTTP/1.1\r\n" + host + "\r\n",
                "DELETE " + CRAWLS + "/none HTTP/1.1\r\n" + host + "\r\n",
                "POST " + crawl + "/cancel HTTP/1.1\r\n" + host
                        + "Content-Type: application/json\r\nContent-Length: 16\r\n\r\n"
                        + "{\"mode\": \"drain\"}".substring(0, 16),
                "POST " + crawl + "/resume HTTP/1.1\r\n" + host
                        + "Content-Type: application/json\r\nContent-Length: 27\r\n\r\n"
                        + "{\"limits\": {\"maxPages\": 7}}",
                "POST /api/v1/login HTTP/1.1\r\n" + host
                        + "Content-Type: application/json\r\nContent-Length: 14\r\n\r\n"
                        + "{\"token\": \"x\"}",
                "POST " + CRAWLS + "?dryRun=true HTTP/1.1\r\n" + host
                        + "Content-Type: application/yaml\r\nContent-Length: "
                        + job.length() + "\r\n\r\n" + job);
    }

    private static byte[] damaged(List<String> requests, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        String request = requests.get(random.nextInt(requests.size()));
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int from = random.nextInt(request.length() + 1);
            int to = random.nextBoolean() ? from : Math.min(request.length(), from + random.nextInt(1, 20));
            request = request.substring(0, from) + EVIL.get(random.nextInt(EVIL.size())) + request.substring(to);
        }
        return request.getBytes(random.nextBoolean() ? UTF_8 : ISO_8859_1);
    }

    @Test
    void noRequestIsAnInternalErrorAndTheServiceGoesOn() throws Exception {
        try (RunningService service = RunningService.start(data, "", Optional.empty(), Duration.ofSeconds(2))) {
            String crawl =
                    service.submitted("name: x\nstartUrls: [\"http://127.0.0.1:1/\"]\nretries: {maxAttempts: 1}\n");
            service.awaitState(crawl, "finished");
            List<String> requests = good(service, crawl);
            int answered = 0;
            int refused = 0;
            for (int seed = 0; seed < REQUESTS; seed++) {
                int status = status(service, damaged(requests, seed));
                assertThat(status).as("seed " + seed).isNotEqualTo(500).isLessThan(506);
                answered += status > 0 ? 1 : 0;
                refused += status >= 400 ? 1 : 0;
            }
            assertThat(answered).as("requests with an answer").isGreaterThan(REQUESTS / 2);
            assertThat(refused).as("refused ones").isGreaterThan(REQUESTS / 4);
            assertThat(service.get("/metrics").text()).doesNotContainPattern("status=\"500\"} [1-9]");
            assertThat(service.get("/health/ready").status()).isEqualTo(200);
            try (var files = Files.walk(data)) {
                assertThat(files.map(file -> data.relativize(file).toString()))
                        .allMatch(name -> name.matches(
                                "|crawls(/[0-9a-z]{17}(/[a-z.]+)?)?|lock|history\\.db(-wal|-shm)?|access\\.jsonl"));
            }
        }
    }

    /** The status of the answer; 0 if the connection was closed without one. */
    private static int status(RunningService service, byte[] request) throws IOException {
        try (Socket socket = service.connect("")) {
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            byte[] begin = socket.getInputStream().readNBytes(12);
            String line = new String(begin, ISO_8859_1);
            return line.startsWith("HTTP/1.1 ") ? Integer.parseInt(line.substring(9, 12)) : 0;
        } catch (SocketException e) {
            return 0; // reset, because not all of it was read
        }
    }
}
