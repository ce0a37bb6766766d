package fanout.app.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import fanout.app.Site;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/**
 * What an operator is told of crawls, by the meters and by the log: that they begin, how they end, and when that was a
 * success.
 */
class OperatorTest {

    private static final String OPEN_METRICS =
            "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @TempDir
    private Path data;

    @BeforeEach
    void listen() {
        log.start();
        logger().addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        logger().detachAppender(log);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("scraper.crawls");
    }

    /** The values of a metric's series, by their labels. */
    private static Map<String, Double> series(String scrape, String metric) {
        return Pattern.compile("(?m)^" + metric + "(?:\\{(.*)\\})? (\\S+)$")
                .matcher(scrape)
                .results()
                .collect(Collectors.toMap(OperatorTest::labels, found -> Double.valueOf(found.group(2)), (a, _) -> a,
                        TreeMap::new));
    }

    private static String labels(MatchResult found) {
        return found.group(1) == null ? "" : found.group(1).replace("\"", "");
    }

    private static Map<String, Double> above0(Map<String, Double> series) {
        Map<String, Double> some = new TreeMap<>(series);
        some.values().removeIf(value -> value == 0);
        return some;
    }

    private static String scrape(RunningService service) throws IOException {
        return service.get("/metrics").text();
    }

    private static String named(String name, String job) {
        return job.replace("name: test", "name: " + name);
    }

    private static int deadPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * Each way to end is counted under its own name, and says so in the log; only a success sets the time of the last
     * one.
     */
    @Test
    void eachResultIsCountedUnderItsName() throws Exception {
        try (Site site = new Site("Docs");
                RunningService service = RunningService.asUsual(data, "maxBytesPerCrawl: 200KiB\n")) {
            String page = "http://127.0.0.1:" + deadPort() + "/";
            String half = site.job("/").replace("[\"" + site.url("/"), "[\"" + page + "\", \"" + site.url("/1.html"));
            String slow = site.job("/slow/");
            Map<String, String> crawls = new TreeMap<>(Map.of(
                    "good", service.submitted(named("good", site.job("/1.html"))),
                    "bounded", service.submitted(named("bounded", site.job("/") + "limits: {maxPages: 1}\n")),
                    "dead", service.submitted(named("dead", site.job("/").replace(site.url("/"), page))),
                    "half", service.submitted(named("half", half + "limits: {maxFailedPercent: 10}\n")),
                    "late", service.submitted(named("late", slow + "limits: {maxDuration: 300ms}\n")),
                    "full", service.submitted(
                            named("full", site.job("/").replace("[\"" + site.url("/") + "\"]", longUrls(site))))));
            for (var crawl : crawls.entrySet()) {
                service.awaitState(crawl.getValue(), "finished", "failed");
                await().until(() -> said(crawl.getKey(), "ended").size() == 1); // a moment after the state
            }
            String cancelled = service.submitted(named("cancelled", slow));
            service.awaitState(cancelled, "running");
            service.post(cancelled + "/cancel", "{\"mode\": \"now\"}");
            service.awaitState(cancelled, "cancelled");
            await().until(() -> said("cancelled", "ended").size() == 1);

            String scrape = scrape(service);
            assertThat(above0(series(scrape, "scraper_crawls_ended_total"))).isEqualTo(new TreeMap<>(Map.of(
                    "crawl_job=good,result=success", 1.0, "crawl_job=bounded,result=success", 1.0,
                    "crawl_job=dead,result=no_results", 1.0, "crawl_job=half,result=too_many_failed", 1.0,
                    "crawl_job=late,result=deadline", 1.0, "crawl_job=full,result=sink", 1.0,
                    "crawl_job=cancelled,result=cancelled", 1.0)));
            assertThat(above0(series(scrape, "scraper_quota_exceeded_total")))
                    .isEqualTo(Map.of("crawl_job=full", 1.0));
            assertThat(series(scrape, "scraper_crawl_last_success_timestamp_seconds"))
                    .containsOnlyKeys("crawl_job=good", "crawl_job=bounded")
                    .allSatisfy((_, seconds) -> assertThat(seconds)
                            .isCloseTo((double) Instant.now().getEpochSecond(), offset(60.0)));
            assertThat(above0(series(scrape, "scraper_crawl_last_pages"))).containsEntry("crawl_job=good", 1.0)
                    .containsEntry("crawl_job=half", 1.0)
                    .doesNotContainKey("crawl_job=dead");
            assertThat(series(scrape, "scraper_crawl_last_pages")).containsEntry("crawl_job=dead", 0.0);
            assertThat(said("good", "ended"))
                    .containsExactly("ended as finished, finishReason exhausted, result success; after "
                            + "N s: 1 discovered, 1 ok, 0 redirected, 0 failed, 0 skipped, 0 cancelled, 1 items, N "
                            + "bytes");
            assertThat(said("dead", "ended").getFirst()).contains("result no_results; after N s: 1 discovered, 0 ok");
            assertThat(said("full", "ended").getFirst()).contains("ended as failed", "result sink: ",
                    "maxBytesPerCrawl");
        }
    }

    /** Pages whose lines are long. */
    private static String longUrls(Site site) {
        return IntStream.range(0, 400)
                .mapToObj(page -> '"' + site.url("/" + "long-".repeat(100) + page + ".html") + '"')
                .collect(Collectors.joining(", ", "[", "]"));
    }

    /** What the log said of a step of the crawls of a job; figures that no test knows are N. */
    private List<String> said(String job, String event) {
        return List.copyOf(log.list)
                .stream()
                .filter(line -> pairs(line).get("job").equals(job) && pairs(line).get("event").equals(event))
                .map(line -> line.getFormattedMessage()
                        .replaceFirst("crawl \\w+ of " + job + ": ", "")
                        .replaceFirst("after [0-9.]+ s", "after N s")
                        .replaceFirst("[0-9]+ bytes$", "N bytes"))
                .toList();
    }

    private static Map<String, String> pairs(ILoggingEvent line) {
        return line.getKeyValuePairs()
                .stream()
                .collect(Collectors.toMap(pair -> pair.key, (KeyValuePair pair) -> String.valueOf(pair.value)));
    }

    /** A scrape between the submission and the start finds every counter of the job, so a rate sees its first event. */
    @Test
    void aWaitingJobHasAllItsCountersAtZero() throws Exception {
        try (SlowCrawls crawls = new SlowCrawls(data);
                RunningService service = crawls.service("maxConcurrentCrawls: 1\n")) {
            crawls.begin(service);
            String waiting = service.submitted(named("waiting", crawls.site().job("/")));
            service.awaitState(waiting, "queued");
            String before = scrape(service);
            Map<String, Double> zeros = counters(before, "waiting");
            crawls.release();
            service.awaitState(waiting, "finished");

            assertThat(zeros.values()).containsOnly(0.0);
            assertThat(zeros.keySet()).isEqualTo(counters(scrape(service), "waiting").keySet())
                    .contains("scraper_fetches_total{crawl_job=waiting,outcome=ok,reason=}",
                            "scraper_crawls_ended_total{crawl_job=waiting,result=lost}",
                            "scraper_fetch_duration_seconds_count{crawl_job=waiting}",
                            "scraper_sink_failures_total{crawl_job=waiting}");
            assertThat(series(before, "scraper_api_requests_total"))
                    .containsEntry("route=/api/v1/crawls,status=422", 0.0)
                    .containsEntry("route=/health/ready,status=503", 0.0)
                    .containsEntry("route=/metrics,status=500", 0.0);
        }
    }

    private static Map<String, Double> counters(String scrape, String job) {
        return Pattern.compile("(?m)^(scraper_\\w+_(?:total|count))\\{(crawl_job=\"" + job + "\".*)\\} (\\S+)$")
                .matcher(scrape)
                .results()
                .collect(Collectors.toMap(found -> found.group(1) + "{" + found.group(2).replace("\"", "") + "}",
                        found -> Double.valueOf(found.group(3)), (a, _) -> a, TreeMap::new));
    }

    /** Each gauge of the service has a number of its own, and is read by its name. */
    @Test
    void eachGaugeOfTheServiceReadsItsOwnNumber() throws Exception {
        String config = "maxConcurrentCrawls: 1\nmaxQueuedCrawls: 7\nretention: {maxBytes: 123456789B}\n";
        try (SlowCrawls crawls = new SlowCrawls(data)) {
            try (RunningService service = crawls.service(config)) {
                service.awaitState(service.submitted(crawls.site().job("/")), "finished");
            }
            long kept = bytes(data.resolve("crawls"));
            try (RunningService service = crawls.service(config)) {
                String running = crawls.begin(service);
                for (int i = 0; i < 4; i++) {
                    service.submitted(crawls.site().job("/"));
                }
                try (Socket one = reader(service, running); Socket two = reader(service, running)) {
                    assertThat(List.of(one.isConnected(), two.isConnected())).containsOnly(true);
                    await().untilAsserted(() -> {
                        String scrape = scrape(service);
                        assertThat(Stream
                                .of("crawl_queue_size", "crawl_queue_capacity", "event_streams", "disk_used_bytes",
                                        "disk_limit_bytes")
                                .map(name -> series(scrape, "scraper_" + name).get("")))
                                .containsExactly(4.0, 7.0, 2.0, (double) kept, 123456789.0);
                        assertThat(series(scrape, "scraper_disk_free_bytes").get(""))
                                .isCloseTo((double) data.toFile().getUsableSpace(), offset(1e9));
                    });
                }
                crawls.release();
            }
        }
    }

    private static Socket reader(RunningService service, String crawl) throws IOException {
        Socket socket = service.connect("GET " + crawl + "/events HTTP/1.1\r\nHost: " + service.host() + "\r\n\r\n");
        RunningService.body(socket);
        return socket;
    }

    private static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        }
    }

    /**
     * A scraper that reads OpenMetrics learns since when each counter counts: a crawl can be over before its first
     * scrape.
     */
    @Test
    void openMetricsSaySinceWhenEachCounterCounts() throws Exception {
        try (Site site = new Site("Docs"); RunningService service = RunningService.start(data)) {
            double before = System.currentTimeMillis() / 1e3;
            service.awaitState(service.submitted(site.job("/")), "finished");
            Answer answer = service.get("/metrics", "Accept: " + OPEN_METRICS);
            String text = answer.text();

            assertThat(answer.header("Content-Type"))
                    .hasValue("application/openmetrics-text; version=1.0.0; charset=utf-8");
            assertThat(text).endsWith("# EOF\n");
            assertThat(series(text, "scraper_fetches_created").get("crawl_job=test,outcome=ok,reason="))
                    .isBetween(before - 1, System.currentTimeMillis() / 1e3);
            assertThat(Pattern.compile("(?m)^# TYPE (\\w+) counter$").matcher(text).results().map(one -> one.group(1)))
                    .hasSizeGreaterThan(10)
                    .allSatisfy(name -> assertThat(series(text, name + "_created").keySet())
                            .as(name)
                            .isNotEmpty()
                            .isEqualTo(series(text, name + "_total").keySet()));
            assertThat(service.get("/metrics").header("Content-Type").orElseThrow()).startsWith("text/plain");
        }
    }

    /** What an alert on old successes reads is there again after a start, whatever retention has deleted. */
    @Test
    void theLastSuccessOutlivesTheProcessAndTheCrawl() throws Exception {
        Map<String, Double> before;
        try (Site site = new Site("Docs")) {
            try (RunningService service = RunningService.start(data)) {
                String crawl = service.submitted(site.job("/"));
                service.awaitState(crawl, "finished");
                await().until(() -> said("test", "ended").size() == 1);
                assertThat(service.delete(crawl).status()).isEqualTo(204);
                before = series(scrape(service), "scraper_crawl_last_success_timestamp_seconds");
            }
            try (RunningService service = RunningService.start(data)) {
                String after = scrape(service);
                assertThat(series(after, "scraper_crawl_last_success_timestamp_seconds")).isEqualTo(before)
                        .containsOnlyKeys("crawl_job=test");
                assertThat(series(after, "scraper_crawl_last_pages")).isEqualTo(Map.of("crawl_job=test", 11.0));
                assertThat(series(after, "scraper_fetches_total")).containsEntry("crawl_job=test,outcome=ok,reason=",
                        0.0);
            }
        }
    }

    /** A crawl is followed in the log from its submission to its end, over a cancel, a resume, a stop and a start. */
    @Test
    void eachStepOfACrawlIsOneLine() throws Exception {
        try (SlowCrawls crawls = new SlowCrawls(data)) {
            String crawl;
            try (RunningService service = crawls.service("")) {
                crawl = crawls.cancelled(service);
                service.post(crawl + "/resume", "{\"limits\": {\"maxPages\": 20}}");
                await().until(() -> crawls.site().slowRequests.get() == 20);
                service.service().stopNow();
                service.stop();
            }
            crawls.release();
            try (RunningService service = crawls.service("")) {
                service.awaitState(crawl, "finished");
            }
            assertThat(log.list).allSatisfy(line -> {
                assertThat(line.getLevel().toString()).isEqualTo("INFO");
                assertThat(pairs(line)).containsEntry("crawl", SlowCrawls.idOf(crawl)).containsEntry("job", "test");
                assertThat(line.getFormattedMessage()).startsWith("crawl " + SlowCrawls.idOf(crawl) + " of test: ");
            });
            assertThat(log.list.stream().map(line -> pairs(line).get("event"))).containsExactly("submitted", "started",
                    "cancelled", "ended", "resumed", "started", "suspended", "resumed", "started", "ended");
        }
    }

    /** What ended without a word is told at the next start: in the log, and to the meters. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLostCrawlIsCountedByTheNextProcess(boolean filesCanBeRead) throws Exception {
        try (SlowCrawls crawls = new SlowCrawls(data)) {
            String crawl;
            try (RunningService service = crawls.service("")) {
                crawl = crawls.begin(service);
                service.service().stopNow();
                service.stop();
            }
            Path folder = crawls.folderOf(crawl);
            Files.write(folder.resolve("crawl.journal"), "no journal".getBytes(UTF_8));
            if (!filesCanBeRead) {
                Files.delete(folder.resolve("pages.jsonl"));
                Files.createDirectories(folder.resolve("pages.jsonl/not-lines"));
            }
            try (RunningService service = crawls.service("")) {
                service.awaitState(crawl, "lost");
                assertThat(above0(series(scrape(service), "scraper_crawls_ended_total")))
                        .isEqualTo(Map.of("crawl_job=test,result=lost", 1.0));
                assertThat(said("test", "ended").getLast()).startsWith("ended as lost, result lost: "
                        + (filesCanBeRead ? "the service ended" : "its files cannot be used"));
            }
        }
    }
}
