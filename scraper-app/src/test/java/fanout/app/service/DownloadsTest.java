package fanout.app.service;

import static fanout.app.service.RunningService.CRAWLS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.app.store.CrawlEnd;
import fanout.app.store.CrawlRecord;
import fanout.app.store.CrawlState;
import fanout.app.store.DataFolder;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Without a limit an answer has all lines that fit, however many and however large they are. */
class DownloadsTest {

    private static final int LINES = 10_100;
    private static final String ID = "0123456789abcdefg";
    private static final String CRAWL = CRAWLS + "/" + ID;

    @TempDir
    private static Path data;
    private static RunningService service;
    private static long pagesSize;

    @BeforeAll
    static void open() throws Exception {
        try (DataFolder folder = DataFolder.open(data)) {
            folder.history().add(CrawlRecord.submitted(ID, "large", false, Instant.now()));
            folder.history()
                    .ended(ID, new CrawlEnd(CrawlState.FINISHED, Instant.now(), Optional.of("exhausted"),
                            Optional.empty(), Optional.empty(), 0));
            Files.createDirectory(folder.crawl(ID).path());
            Files.writeString(folder.crawl(ID).job(), """
                    name: large
                    startUrls: ["http://127.0.0.1/"]
                    extract: [{name: heads, fields: {head: {css: h1}}}]
                    """);
            write(folder.crawl(ID).pages(),
                    "{\"url\":\"http://127.0.0.1/%d\",\"outcome\":\"%s\",\"reason\":%s,\"status\":%d,"
                            + "\"title\":\"" + "x".repeat(800) + "\"}\n");
            write(folder.crawl(ID).items(), "{\"_url\":\"http://127.0.0.1/%d\",\"_rule\":\"heads\",\"head\":\"%s %s %d"
                    + "x".repeat(800) + "\"}\n");
            pagesSize = Files.size(folder.crawl(ID).pages());
        }
        service = RunningService.start(data, "", Optional.empty(), Duration.ofSeconds(20));
    }

    /** Of ten lines one is a failure, of a hundred one a time-out. */
    private static void write(Path path, String format) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path))) {
            for (int i = 0; i < LINES; i++) {
                String reason = i % 100 == 0 ? "\"timeout\"" : i % 10 == 0 ? "\"dns\"" : "null";
                out.write(format.formatted(i, i % 10 == 0 ? "failed" : "ok",
                        format.contains("_rule") ? reason.replace("\"", "") : reason, i).getBytes(UTF_8));
            }
        }
    }

    @AfterAll
    static void close() throws Exception {
        service.close();
    }

    @ParameterizedTest
    @CsvSource({"/pages?format=csv,10101,large-pages.csv", "/items?format=csv,10101,large-items.csv",
        "/pages,10100,large-pages.jsonl", "/items,10100,large-items.jsonl", "/pages?q=/,10100,large-pages.jsonl",
        "/pages?outcome=failed,1010,large-pages.jsonl", "/pages?reason=timeout,101,large-pages.jsonl",
        "/pages?outcome=ok&format=csv,9091,large-pages.csv",
        "/pages?reason=dns&outcome=failed&format=csv,910,large-pages.csv",
        "/pages?q=/1009&format=csv,12,large-pages.csv", "/pages?q=nowhere&format=csv,1,large-pages.csv",
        "/items?q=timeout&format=csv,102,large-items.csv", "/items?q=timeout,101,large-items.jsonl"})
    void theWholeIsAFileWithAName(String what, int lines, String name) throws Exception {
        Answer answer = service.get(CRAWL + what);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).hasLineCount(lines);
        assertThat(answer.header("Content-Disposition")).contains("attachment; filename=\"" + name + "\"");
        assertThat(answer.header("Content-Type")).contains(name.endsWith(".csv") ? "text/csv; charset=utf-8"
                : "application/x-ndjson");
        assertThat(answer.header("Next-Offset")).contains(what.startsWith("/pages") ? String.valueOf(pagesSize)
                : String.valueOf(Files.size(data.resolve("crawls").resolve(ID).resolve("items.jsonl"))));
        assertThat(answer.text().startsWith(what.startsWith("/pages") ? "url,outcome," : "_url,_rule,head"))
                .isEqualTo(name.endsWith(".csv"));
    }

    @Test
    void pagesOfAnyKindAddUpToTheWhole() throws Exception {
        for (String kind : List.of("?outcome=ok&", "?q=/1&reason=dns&format=csv&")) {
            List<String> parts = new ArrayList<>();
            long offset = 0;
            do {
                Answer page = service.get(CRAWL + "/pages" + kind + "limit=5000&offset=" + offset);
                assertThat(page.header("Content-Disposition")).as("a page is no file").isEmpty();
                assertThat(page.header("Content-Type")).contains(kind.contains("csv") ? "text/csv; charset=utf-8"
                        : "application/x-ndjson");
                assertThat(page.header("End-Offset")).contains(String.valueOf(pagesSize));
                assertThat(page.text().lines().count()).isLessThanOrEqualTo(5_001);
                parts.add(page.text());
                offset = Long.parseLong(page.header("Next-Offset").orElseThrow());
            } while (offset < pagesSize);
            assertThat(String.join("", parts))
                    .isEqualTo(service.get(CRAWL + "/pages" + kind.replaceAll(".$", "")).text());
        }
    }

    @Test
    void theRestGoesOnAtAnOffset() throws Exception {
        Answer first = service.get(CRAWL + "/pages?outcome=failed&limit=1");
        String next = first.header("Next-Offset").orElseThrow();
        assertThat(service.get(CRAWL + "/pages?outcome=failed&offset=" + next).text()).hasLineCount(1_009);
        assertThat(service.get(CRAWL + "/pages?format=csv&offset=" + next).text()).hasLineCount(10_099)
                .as("no second header")
                .startsWith("http://127.0.0.1/1,ok,");
        assertThat(service.get(CRAWL + "/pages?outcome=failed&offset=7").status()).isEqualTo(400);
        assertThat(service.get(CRAWL + "/pages?format=csv&offset=" + (pagesSize + 1)).status()).isEqualTo(416);
        assertThat(service.get(CRAWL + "/pages?format=csv&offset=" + pagesSize).text()).isEmpty();
    }

    /** Each takes one of three places, so the fourth is told, and a place is free when one has gone. */
    @Test
    void aReaderTooManyIsToldAndServedLater() throws Exception {
        List<Socket> readers = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                Socket reader = service
                        .connect("GET " + CRAWL + "/pages?format=csv HTTP/1.1\r\nHost: " + service.host() + "\r\n\r\n");
                readers.add(reader);
                RunningService.body(reader);
            }
            for (String what : List.of("/pages", "/items", "/pages?outcome=ok", "/items?format=csv")) {
                Answer refused = service.get(CRAWL + what);
                assertThat(refused.status()).as(what).isEqualTo(429);
                assertThat(refused.header("Retry-After")).contains("5");
                assertThat(refused.json().get("detail").stringValue())
                        .isEqualTo(
                                "as many requests as may read this crawl, or all crawls, at the same time do so "
                                        + "already");
            }
            assertThat(service.get(CRAWL + "/pages?limit=1").status()).as("a page needs no place").isEqualTo(200);
        } finally {
            for (Socket reader : readers) {
                reader.close();
            }
        }
        await().until(() -> service.get(CRAWL + "/items?q=timeout").status() == 200);
    }
}
