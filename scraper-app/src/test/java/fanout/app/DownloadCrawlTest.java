package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Crawls that keep bodies as files. */
@Timeout(120)
class DownloadCrawlTest {

    private static final String PDFS = "download: [{match: \"[.]pdf$\", contentTypes: [application/pdf]}]\n";
    private static final int HUGE = Boolean.getBoolean("fanout.ci") ? 300 << 20 : 100 << 20;

    @TempDir
    private Path folder;

    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;
    private CommandRun command;

    /** What the site says to a request. */
    @FunctionalInterface
    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void openSite() throws IOException {
        command = new CommandRun(folder);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                Answer answer = answers.get(exchange.getRequestURI().getPath());
                if (answer == null) {
                    exchange.sendResponseHeaders(404, -1);
                } else {
                    answer.to(exchange);
                }
            }
        });
        server.start();
    }

    @AfterEach
    void closeSite() {
        release.countDown();
        server.stop(0);
        threads.shutdownNow();
        threads.close();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private String job(String more) {
        return """
                name: test
                startUrls: ["%s"]
                politeness: {delay: 0, autoThrottle: false, perHostConcurrency: 8}
                retries: {maxAttempts: 1}
                network: {allowPrivateAddresses: true}
                """.formatted(url("/")) + more;
    }

    private int crawl(String more, String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("--set", "output.files=" + folder.resolve("files")));
        words.addAll(List.of(options));
        return command.crawl(job(more), words.toArray(String[]::new));
    }

    private void page(String path, String html) {
        file(path, "text/html", html.getBytes(UTF_8));
    }

    private void file(String path, String type, byte[] body) {
        answers.put(path, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        });
    }

    private static byte[] pdf(int bytes, int seed) {
        byte[] body = new byte[bytes];
        new Random(seed).nextBytes(body);
        byte[] start = "%PDF-1.7\n".getBytes(UTF_8);
        System.arraycopy(start, 0, body, 0, Math.min(bytes, start.length));
        return body;
    }

    private static String hash(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> stored() throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("files"))) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private JsonNode outcome(String path) throws IOException {
        return command.rows("pages.jsonl")
                .stream()
                .filter(row -> row.at("/url").asString().equals(url(path)))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 65_536, 65_537, 3_000_000})
    void downloadLiesUnderItsHashAndHasALine(int bytes) throws IOException {
        byte[] body = pdf(bytes, 1);
        page("/", "<a href=/a.pdf>a</a>");
        file("/a.pdf", "Application/PDF; charset=binary", body);

        assertThat(crawl(PDFS)).as(command.err()).isZero();

        JsonNode line = command.rows("files.jsonl").getFirst();
        assertThat(command.rows("files.jsonl")).hasSize(1);
        assertThat(line.at("/url").asString()).isEqualTo(url("/a.pdf"));
        assertThat(line.at("/path").asString()).isEqualTo("files/" + hash(body));
        assertThat(line.at("/bytes").asLong()).isEqualTo(bytes);
        assertThat(line.at("/sha256").asString()).isEqualTo(hash(body));
        assertThat(line.at("/contentType").asString()).isEqualTo("application/pdf");
        assertThat(line.at("/referrer").asString()).isEqualTo(url("/"));
        assertThat(stored()).containsExactly(hash(body));
        assertThat(folder.resolve(line.at("/path").asString())).hasBinaryContent(body);
        assertThat(outcome("/a.pdf").at("/outcome").asString()).isEqualTo("ok");
        assertThat(outcome("/a.pdf").at("/contentHash").asString()).contains(hash(body));
        assertThat(outcome("/a.pdf").at("/bytes").asLong()).isEqualTo(bytes);
    }

    @Test
    void chunksAndGzipAreTakenOffAndOneContentIsStoredOnce() throws IOException {
        byte[] body = pdf(500_000, 2);
        page("/", "<a href=/plain.pdf></a><a href=/chunked.pdf></a><a href=/gzip.pdf></a><a href=/old></a>");
        file("/plain.pdf", "application/pdf", body);
        answers.put("/chunked.pdf", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/pdf");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(body);
        });
        answers.put("/gzip.pdf", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/pdf");
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, 0);
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (OutputStream out = new GZIPOutputStream(packed)) {
                out.write(body);
            }
            exchange.getResponseBody().write(packed.toByteArray());
        });
        answers.put("/old", exchange -> {
            exchange.getResponseHeaders().set("Location", "/moved.pdf");
            exchange.sendResponseHeaders(301, -1);
        });
        file("/moved.pdf", "application/pdf", body);

        assertThat(crawl(PDFS)).as(command.err()).isZero();

        assertThat(stored()).containsExactly(hash(body));
        assertThat(command.rows("files.jsonl").stream().map(line -> line.at("/url").asString()))
                .containsExactlyInAnyOrder(url("/plain.pdf"), url("/chunked.pdf"), url("/gzip.pdf"),
                        url("/moved.pdf"));
        assertThat(command.rows("files.jsonl")).allMatch(line -> line.at("/bytes").asInt() == body.length);
        assertThat(command.report().at("/leakCheck/openBodies").asInt()).isZero();
    }

    @Test
    void truncatedAndTooLargeBodiesLeaveNothing() throws IOException {
        page("/", "<a href=/cut.pdf></a><a href=/large.pdf></a><a href=/endless.pdf></a>");
        byte[] body = pdf(200_000, 3);
        answers.put("/cut.pdf", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/pdf");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body, 0, 150_000);
            exchange.getResponseBody().flush();
        });
        file("/large.pdf", "application/pdf", pdf(400_000, 4));
        answers.put("/endless.pdf", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/pdf");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(pdf(400_000, 5));
        });

        assertThat(crawl("download: [{match: \"[.]pdf$\", maxSize: 300000}]\n")).as(command.err()).isZero();

        assertThat(outcome("/cut.pdf").at("/outcome").asString()).isEqualTo("failed");
        assertThat(outcome("/large.pdf").at("/reason").asString()).isEqualTo("body_too_large");
        assertThat(outcome("/endless.pdf").at("/reason").asString()).isEqualTo("body_too_large");
        assertThat(stored()).isEmpty();
        assertThat(command.lines("files.jsonl")).isEmpty();
    }

    @Test
    void timeoutOfTheEntryReplacesThatOfPages() throws IOException {
        page("/", "<a href=/slow.pdf></a><a href=/stuck.pdf></a>");
        byte[] body = pdf(1_000, 6);
        answers.put("/slow.pdf", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/pdf");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body, 0, 10);
            exchange.getResponseBody().flush();
            await().pollDelay(Duration.ofMillis(1200)).until(() -> true); // longer than a page may take
            exchange.getResponseBody().write(body, 10, body.length - 10);
        });
        answers.put("/stuck.pdf", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/pdf");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body, 0, 10);
            exchange.getResponseBody().flush();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IOException("the site closes", e);
            }
        });

        assertThat(crawl("download: [{match: \"slow[.]pdf$\"}, {match: \"stuck[.]pdf$\", timeout: 1s}]\n",
                "--set", "limits.requestTimeout=600ms")).as(command.err()).isZero();

        assertThat(outcome("/slow.pdf").at("/outcome").asString()).isEqualTo("ok");
        assertThat(outcome("/stuck.pdf").at("/reason").asString()).isEqualTo("timeout");
        assertThat(stored()).containsExactly(hash(body));
    }

    @Test
    void otherTypeIsParsedAndCssPicksLinksThatAreSkippedElse() throws IOException {
        page("/", "<a class=manual href=/a.zip></a><a href=/b.zip></a><a href=/page.pdf></a>");
        file("/a.zip", "application/zip", pdf(100, 7));
        file("/b.zip", "application/zip", pdf(100, 8));
        page("/page.pdf", "<title>no file</title><a href=/c.png></a>");
        file("/c.png", "image/png", pdf(100, 9));

        assertThat(crawl("download: [{css: a.manual}, {match: \"[.]pdf$\", contentTypes: [application/pdf]},"
                + " {contentTypes: [\"image/*\"]}]\n")).as(command.err()).isZero();

        assertThat(command.rows("files.jsonl").stream().map(line -> line.at("/url").asString()))
                .containsExactlyInAnyOrder(url("/a.zip"), url("/c.png"));
        assertThat(outcome("/page.pdf").at("/title").asString()).isEqualTo("no file");
        assertThat(command.rows("pages.jsonl").stream().map(line -> line.at("/url").asString()))
                .doesNotContain(url("/b.zip"));
    }

    @Test
    void whatCssHasPickedIsADownloadAfterAResumeToo() throws IOException {
        page("/", "<a class=manual href=/a.zip></a>");
        file("/a.zip", "application/zip", pdf(100, 7));
        String manuals = "download: [{css: a.manual}]\n";
        assertThat(crawl(manuals, "--set", "limits.maxPages=1")).as(command.err()).isZero();
        assertThat(command.lines("files.jsonl")).isEmpty();

        assertThat(crawl(manuals, "--resume")).as(command.err()).isZero();

        assertThat(command.rows("files.jsonl")).hasSize(1);
        assertThat(stored()).containsExactly(hash(pdf(100, 7)));
    }

    @Test
    void downloadsCountTowardsMaxPagesExactly() throws IOException {
        StringBuilder links = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            links.append("<a href=/").append(i).append(".pdf></a>");
            file("/" + i + ".pdf", "application/pdf", pdf(1_000, i));
        }
        page("/", links.toString());

        assertThat(crawl(PDFS, "--set", "limits.maxPages=7")).isZero();
        assertThat(command.rows("files.jsonl")).hasSize(6);
        assertThat(stored()).hasSize(6);

        assertThat(crawl(PDFS, "--resume")).as(command.err()).isZero();
        assertThat(command.rows("files.jsonl")).hasSize(20).doesNotHaveDuplicates();
        assertThat(stored()).hasSize(20);
    }

    @Test
    void filesGoWithTheLastRunWhoseLinesNameThem() throws IOException {
        byte[] always = pdf(1_000, 1);
        byte[] once = pdf(1_000, 2);
        page("/", "<a href=/always.pdf></a><a href=/other.pdf></a>");
        file("/always.pdf", "application/pdf", always);
        file("/other.pdf", "application/pdf", once);
        assertThat(crawl(PDFS)).isZero();

        file("/other.pdf", "application/pdf", pdf(1_000, 3));
        assertThat(crawl(PDFS)).isZero();
        assertThat(stored()).hasSize(3).contains(hash(always), hash(once));

        assertThat(crawl(PDFS)).isZero();
        assertThat(stored()).hasSize(2).contains(hash(always)).doesNotContain(hash(once));
        for (JsonNode line : command.rows("files.jsonl")) {
            assertThat(folder.resolve(line.at("/path").asString())).isRegularFile();
        }
    }

    @Test
    void bodiesOfPagesAreKeptAsTheyWereReceived() throws IOException {
        page("/", "<title>start</title><a href=/b.html></a>");
        page("/b.html", "<title>b</title>");

        assertThat(crawl("output: {bodies: true}\n")).as(command.err()).isZero();

        assertThat(command.rows("files.jsonl")).hasSize(2);
        assertThat(folder.resolve("files").resolve(hash("<title>b</title>".getBytes(UTF_8))))
                .hasContent("<title>b</title>");
    }

    @Test
    void trialSaysThatAUrlIsADownloadAndKeepsNothing() throws IOException {
        page("/", "<a href=/a.pdf></a>");
        file("/a.pdf", "application/pdf", pdf(1_000, 1));
        Path job = Files.writeString(folder.resolve("job.yaml"), job(PDFS));

        assertThat(command.run("try", job.toString(), url("/a.pdf"))).as(command.err()).isZero();

        assertThat(command.out() + command.err()).contains(url("/a.pdf") + " is a download (entry 1)");
        assertThat(folder.toFile().list()).containsExactly("job.yaml");
    }

    /** A folder that cannot be written stands for a disk that takes no more. */
    @Test
    void crawlThatCannotKeepAFileNamesItAndLosesNothing() throws IOException {
        StringBuilder links = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            links.append("<a href=/").append(i).append(".pdf></a>");
        }
        page("/", links.toString());
        AtomicBoolean hasMoved = new AtomicBoolean();
        for (int i = 0; i < 10; i++) {
            byte[] body = pdf(1_000, i);
            boolean isLast = i == 9;
            answers.put("/" + i + ".pdf", exchange -> {
                if (isLast && !hasMoved.getAndSet(true)) {
                    Files.move(folder.resolve("files"), folder.resolve("moved"));
                }
                exchange.getResponseHeaders().set("Content-Type", "application/pdf");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            });
        }

        assertThat(crawl(PDFS)).isEqualTo(4);
        assertThat(command.err()).contains("cannot write " + folder.resolve("files"));
        if (Files.exists(folder.resolve("files"))) {
            Files.delete(folder.resolve("files"));
        }
        Files.move(folder.resolve("moved"), folder.resolve("files"));

        assertThat(crawl(PDFS, "--resume")).as(command.err()).isZero();
        assertThat(command.rows("files.jsonl")).hasSize(10).doesNotHaveDuplicates();
        assertThat(stored()).hasSize(10);
    }

    @Test
    void killedCrawlKeepsEachFileAndEachLineOnce() throws Exception {
        StringBuilder links = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            links.append("<a href=/").append(i).append(".pdf></a>");
            file("/" + i + ".pdf", "application/pdf", pdf(100_000, i / 2));
        }
        page("/", links.toString());
        String files = "output.files=" + folder.resolve("files");
        try (CommandProcess process = CommandProcess.start(folder, job(PDFS), "--set", files, "--set",
                "politeness.delay=100ms")) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Files.exists(folder.resolve("files.jsonl"))
                            && Files.size(folder.resolve("files.jsonl")) > 0);
            process.signal("KILL");
            assertThat(process.exitCode()).isEqualTo(137);
        }
        Path torn = Files.writeString(folder.resolve("files/.7.part"), "torn");

        assertThat(crawl(PDFS, "--resume")).as(command.err()).isZero();

        assertThat(command.rows("files.jsonl").stream().map(line -> line.at("/url").asString())).hasSize(60)
                .doesNotHaveDuplicates();
        assertThat(torn).doesNotExist();
        assertThat(stored()).hasSize(30).allMatch(name -> name.length() == 64);
    }

    @Test
    void bodyLongerThanTheHeapIsStored() throws Exception {
        page("/", "<a href=/huge.pdf></a>");
        byte[] piece = pdf(1 << 20, 1);
        answers.put("/huge.pdf", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/pdf");
            exchange.sendResponseHeaders(200, 0);
            for (int sent = 0; sent < HUGE; sent += piece.length) {
                exchange.getResponseBody().write(piece);
            }
        });
        Path job = Files.writeString(folder.resolve("job.yaml"),
                job("download: [{match: \"[.]pdf$\", maxSize: 1GiB}]\n"));
        List<String> words = new ArrayList<>(List.of("crawl", job.toString()));
        for (String output : List.of("pages=%s/pages.jsonl", "items=%s/items.jsonl", "report=%s/report.json",
                "files=%s/files")) {
            words.addAll(List.of("--set", "output." + output.formatted(folder)));
        }

        SmallHeap heap = new SmallHeap(folder);
        assertThat(heap.command("64m", 100, words.toArray(String[]::new))).as(heap.stderr()).isZero();

        assertThat(command.rows("files.jsonl").getFirst().at("/bytes").asLong()).isEqualTo(HUGE);
        assertThat(heap.fullest()).isLessThan(60);
    }
}
