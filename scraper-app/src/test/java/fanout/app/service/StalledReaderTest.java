package fanout.app.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.app.store.CrawlEnd;
import fanout.app.store.CrawlRecord;
import fanout.app.store.CrawlState;
import fanout.app.store.DataFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers that do not read, and requests that do not come, hold nothing for long. */
class StalledReaderTest {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String ID = "0123456789abcdefg";
    private static final String CRAWL = RunningService.CRAWLS + "/" + ID;
    private static final int LINES = 120_000;

    @TempDir
    private Path data;
    private RunningService service;

    /** A crawl whose pages are larger than all buffers on the way. */
    @BeforeEach
    void open() throws Exception {
        try (DataFolder folder = DataFolder.open(data)) {
            folder.history().add(CrawlRecord.submitted(ID, "large", false, Instant.now()));
            folder.history()
                    .ended(ID,
                            new CrawlEnd(CrawlState.FINISHED, Instant.now(), Optional.of("exhausted"), Optional.empty(),
                                    Optional.empty(), 0));
            Files.createDirectory(folder.crawl(ID).path());
            try (OutputStream out = Files.newOutputStream(folder.crawl(ID).pages())) {
                for (int i = 0; i < LINES; i++) {
                    out.write(
                            ("{\"url\":\"http://127.0.0.1/" + i + "\",\"outcome\":\"ok\",\"title\":\"" + "x".repeat(100)
                                    + "\"}\n").getBytes(UTF_8));
                }
            }
        }
        service = RunningService.start(data, "", Optional.empty(), PATIENCE);
    }

    @AfterEach
    void close() throws Exception {
        service.close();
    }

    private Socket reader(long offset) throws IOException {
        return service.connect("GET " + CRAWL + "/pages?offset=" + offset + " HTTP/1.1\r\nHost: " + service.host()
                + "\r\nConnection: close\r\n\r\n");
    }

    private void awaitNoReader() {
        await().atMost(Duration.ofSeconds(20)) // a reader that is never cut off stays for ever
                .ignoreExceptionsInstanceOf(IOException.class) // on a busy machine this request may be cut off itself
                .until(() -> service.get("/metrics").text().contains("scraper_event_streams 0.0"));
    }

    @Test
    void aReaderThatStopsIsCutOffAndGoesOnWhereItStopped() throws Exception {
        byte[] stored = Files.readAllBytes(data.resolve("crawls").resolve(ID).resolve("pages.jsonl"));
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try (Socket stalled = reader(0)) {
            InputStream in = RunningService.body(stalled);
            read.writeBytes(Answer.chunk(in));
            assertThat(service.get("/metrics").text()).contains("scraper_event_streams 1.0");
            awaitNoReader();
            boolean cutOff = false;
            while (!cutOff) {
                try {
                    byte[] chunk = Answer.chunk(in);
                    assertThat(chunk).as("an answer that was cut off does not look whole").isNotEmpty();
                    read.writeBytes(chunk);
                } catch (IOException e) {
                    cutOff = true;
                }
            }
        }
        assertThat(read.size()).isLessThan(stored.length);
        try (Socket again = reader(read.size())) {
            read.writeBytes(Answer.read(again.getInputStream()).body());
        }
        assertThat(read.toByteArray()).isEqualTo(stored);
    }

    @Test
    void aSlowReaderIsServedToTheEnd() throws Exception {
        byte[] rest;
        try (Socket slow = reader(0)) {
            InputStream in = RunningService.body(slow);
            long until = System.nanoTime() + PATIENCE.multipliedBy(2).toNanos();
            int taken = 0;
            while (System.nanoTime() < until) {
                byte[] chunk = Answer.chunk(in);
                assertThat(chunk).as("a chunk, after %d bytes", taken).isNotEmpty();
                taken += chunk.length;
                LockSupport.parkNanos(6_000_000); // the file takes longer than the loop
            }
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (byte[] chunk = Answer.chunk(in); chunk.length > 0; chunk = Answer.chunk(in)) {
                all.writeBytes(chunk);
            }
            rest = all.toByteArray();
            assertThat((long) taken + rest.length)
                    .isEqualTo(Files.size(data.resolve("crawls").resolve(ID).resolve("pages.jsonl")));
        }
    }

    @Test
    void deletingACrawlClosesItsReadersFirst() throws Exception {
        try (Socket stalled = reader(0)) {
            InputStream in = RunningService.body(stalled);
            Answer.chunk(in);
            assertThat(service.delete(CRAWL).status()).isEqualTo(204);
            awaitNoReader();
            assertThat(data.resolve("crawls")).isEmptyDirectory();
            assertThat(service.get(CRAWL).status()).isEqualTo(404);
        }
    }

    @Test
    void aRequestThatDoesNotComeIsCutOff() throws Exception {
        try (Socket headers = service.connect("GET / HTTP/1.1\r\nHost: ");
                Socket body = service.connect("POST " + RunningService.CRAWLS + " HTTP/1.1\r\nHost: " + service.host()
                        + "\r\nContent-Type: application/yaml\r\nContent-Length: 1000\r\n\r\nname: x")) {
            for (Socket late : List.of(headers, body)) {
                Answer answer = Answer.read(late.getInputStream());
                assertThat(answer.status()).isEqualTo(408);
                assertThat(answer.header("Connection")).contains("close");
                assertThat(answer.json().get("detail").stringValue())
                        .isEqualTo("the request did not arrive within 2 s");
            }
        }
        assertThat(service.get("/health/live").status()).isEqualTo(200);
    }

    @Test
    void aStreamWithoutNewsOutlivesThePatience() throws Exception {
        String crawl = service.submitted("name: waits\nstartUrls: [\"http://127.0.0.1:1/\"]\nretries: {maxAttempts: 9, "
                + "backoff: 20s, maxBackoff: 30s}\nnetwork: {allowPrivateAddresses: true}\n");
        service.awaitState(crawl, "running");
        try (Socket follower = service.connect(
                "GET " + crawl + "/pages?follow=true HTTP/1.1\r\nHost: " + service.host() + "\r\n\r\n")) {
            RunningService.body(follower);
            await().during(PATIENCE.multipliedBy(2))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> service.get("/metrics").text().contains("scraper_event_streams 1.0"));
        }
    }
}
