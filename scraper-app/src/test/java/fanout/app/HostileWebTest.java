package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.hostile.Expected;
import fanout.hostile.HostileCase;
import fanout.hostile.HostileWeb;
import fanout.synthetic.SyntheticWeb;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Crawls of a hostile web: each case ends as its expected lines say, in time, in a small heap, and without a connection to an
 * address that the job does not allow.
 */
@Timeout(300)
class HostileWebTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern HEAP_AFTER = Pattern.compile("->(\\d+)M\\((\\d+)M\\)");

    @TempDir
    private Path folder;

    @Test
    void isHarmlessUnderSmallLimitsInASmallHeap() throws Exception {
        crawl(false, "128m", "--set", "concurrency=16", "--set", "limits.maxBodySize=1MiB");
    }

    @Test
    @EnabledIfSystemProperty(named = "fanout.ci", matches = "true", disabledReason = "takes its time: -Dfanout.ci=true")
    void isHarmlessUnderTheDefaultsInAHeapToMatch() throws Exception {
        crawl(true, "384m");
    }

    /** They share a pace at each host, and memory: ten crawls need no more of it than one. */
    void isHarmlessForTenCrawlsOfOneProcess() throws Exception {
        try (HostileWeb web = HostileWeb.start(0)) {
            String job = web.job()
                    .replace("requestTimeout: 3s, maxDuration: 60s",
                            "requestTimeout: 3s, maxDuration: 5m, maxBodySize: 1MiB")
                    + "concurrency: 16\n";
            crawlTenTimes(job);

            for (int crawl = 0; crawl < 10; crawl++) {
                Path own = folder.resolve(String.valueOf(crawl));
                List<JsonNode> lines = lines(own);
                Set<String> late = casesLateForParsing(web, lines);
                assertThat(late).as("crawl %d", crawl).hasSizeLessThan(web.cases().size() / 10);
                assertThat(differences(web, lines, false)).as("crawl %d", crawl)
                        .allMatch(difference -> late.contains(difference.substring(0, difference.indexOf(':'))));
                assertNothingIsLeft(report(own));
            }
            assertThat(web.connectionsElsewhere()).as("connections to addresses that the job does not allow").isZero();
        }
    }

    /** Pages of which hardly more than one fits into the memory for documents at once; and budgets are exact. */
    void largePagesOfTenCrawlsFitIntoTheSharedMemory() throws Exception {
        try (SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(8).bodyBytes(4 << 20).start()) {
            crawlTenTimes("""
                    name: large
                    startUrls: ["%s"]
                    network: {allowedCidrs: [127.0.0.0/8]}
                    politeness: {delay: 0}
                    limits: {maxPages: 5, maxDuration: 5m}
                    """.formatted(web.startUrls().getFirst()));

            for (int crawl = 0; crawl < 10; crawl++) {
                Path own = folder.resolve(String.valueOf(crawl));
                assertThat(lines(own)).as("crawl %d", crawl)
                        .filteredOn(line -> line.get("outcome").asString().equals("ok"))
                        .hasSize(5);
                JsonNode report = report(own);
                assertThat(report.get("finishReason").asString()).isEqualTo("maxPages");
                assertThat(report.at("/accounting/failed").asInt()).isZero();
                assertNothingIsLeft(report);
            }
        }
    }

    /** Workers of ten crawls share two places for documents: a few pages may rightly be too late for one. */
    private static Set<String> casesLateForParsing(HostileWeb web, List<JsonNode> lines) {
        Set<String> hosts = lines.stream()
                .filter(line -> line.get("reason").asString("").equals("timeout"))
                .filter(line -> line.get("detail").asString().contains("parse"))
                .map(line -> URI.create(line.get("url").asString()).getHost())
                .collect(Collectors.toSet());
        return web.cases()
                .stream()
                .filter(hostile -> web.expected(hostile, false)
                        .stream()
                        .anyMatch(expected -> hosts.stream()
                                .anyMatch(host -> expected.url().contains("//" + host + ":"))))
                .map(HostileCase::name)
                .collect(Collectors.toSet());
    }

    private void crawlTenTimes(String job) throws IOException, InterruptedException {
        String file = Files.writeString(folder.resolve("job.yaml"), job).toString();
        int code = run("256m", 280, ManyCrawls.class.getName(), file, "10");

        String stderr = Files.readString(folder.resolve("stderr"));
        assertThat(stderr).doesNotContain("OutOfMemoryError", "\tat ");
        assertThat(code).as(stderr).isZero();
    }

    private void crawl(boolean defaults, String heap, String... options) throws Exception {
        try (HostileWeb web = HostileWeb.start(0)) {
            assertThat(web.cases()).hasSizeGreaterThan(60);
            int code = crawl(web.job(), heap, options);

            String stderr = Files.readString(folder.resolve("stderr"));
            assertThat(stderr).doesNotContain("OutOfMemoryError", "\tat ");
            assertThat(code).as(stderr).isZero();
            List<JsonNode> lines = lines(folder);
            assertThat(differences(web, lines, defaults)).isEmpty();
            assertReport(web, folder, lines);
            assertThat(fullest()).as("MB in use after a collection")
                    .isPositive()
                    .isLessThan(Integer.parseInt(heap.replace("m", "")));
            assertThat(web.connectionsElsewhere()).as("connections to addresses that the job does not allow").isZero();
        }
    }

    private static List<JsonNode> lines(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve("pages.jsonl")).stream().map(JSON::readTree).toList();
    }

    private int crawl(String job, String heap, String... options) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("fanout.app.Main", "crawl",
                Files.writeString(folder.resolve("job.yaml"), job).toString(), "--progress", "none", "--report",
                folder.resolve("report.json").toString()));
        for (String name : List.of("pages", "items")) {
            words.addAll(List.of("--set", "output." + name + "=" + folder.resolve(name + ".jsonl")));
        }
        words.addAll(List.of(options));
        return run(heap, 90, words.toArray(String[]::new));
    }

    /** Runs a main class with its arguments in a heap of this size, and returns its exit code. */
    private int run(String heap, int mostSeconds, String... program) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow(),
                "--enable-preview", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx" + heap,
                "-XX:+ExitOnOutOfMemoryError",
                "-Xlog:gc:file=" + folder.resolve("gc.log"), "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        words.addAll(List.of(program));
        Process process = new ProcessBuilder(words).redirectErrorStream(true)
                .redirectOutput(folder.resolve("stderr").toFile())
                .start();
        try {
            assertThat(process.waitFor(mostSeconds, TimeUnit.SECONDS)).as("ended").isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    /** What the pages file says otherwise than the cases do. */
    private static List<String> differences(HostileWeb web, List<JsonNode> lines, boolean defaults) {
        Map<String, JsonNode> byUrl = new HashMap<>();
        List<String> differences = new ArrayList<>();
        for (JsonNode line : lines) {
            if (byUrl.put(line.get("url").asString(), line) != null) {
                differences.add("two lines of " + line.get("url"));
            }
        }
        for (HostileCase hostile : web.cases()) {
            for (Expected expected : web.expected(hostile, defaults)) {
                List<JsonNode> found = expected.isExact()
                        ? java.util.stream.Stream.ofNullable(byUrl.remove(expected.url())).toList()
                        : removeBeginning(byUrl, expected.url());
                boolean isComplete = found.size() == expected.times() || (expected.heavy() && found.isEmpty());
                if (!isComplete) {
                    differences.add("%s: %d lines of %s".formatted(hostile.name(), found.size(), expected.url()));
                }
                found.forEach(line -> differences.addAll(differences(hostile, expected, line)));
            }
        }
        byUrl.values().forEach(line -> differences.add("unexpected: " + line));
        return differences;
    }

    private static List<JsonNode> removeBeginning(Map<String, JsonNode> byUrl, String start) {
        List<JsonNode> found = byUrl.entrySet()
                .stream()
                .filter(line -> line.getKey().startsWith(start))
                .map(Map.Entry::getValue)
                .toList();
        found.forEach(line -> byUrl.remove(line.get("url").asString()));
        return found;
    }

    private static List<String> differences(HostileCase hostile, Expected expected, JsonNode line) {
        List<String> differences = new ArrayList<>();
        if (expected.heavy() && line.get("reason").asString("").equals("timeout")
                && line.get("detail").asString().contains("parse")) {
            return differences;
        }
        for (Map.Entry<String, @Nullable String> column : expected.columns().entrySet()) {
            JsonNode cell = line.get(column.getKey());
            String found = cell.isNull() ? null : cell.asString();
            String wanted = column.getValue();
            boolean isDetail = column.getKey().equals("detail") && found != null && wanted != null;
            boolean fits = isDetail ? found.contains(wanted) : java.util.Objects.equals(found, wanted);
            if (!fits) {
                differences.add("%s: %s is %s, not %s: %s".formatted(hostile.name(), column.getKey(), shown(found),
                        shown(wanted), shown(line.toString())));
            }
        }
        return differences;
    }

    private static @Nullable String shown(@Nullable String text) {
        return text == null ? null : text.substring(0, Math.min(text.length(), 900)).replace("\u001b", "ESC");
    }

    private static JsonNode report(Path folder) throws IOException {
        return JSON.readTree(Files.readString(folder.resolve("report.json")));
    }

    private static void assertNothingIsLeft(JsonNode report) {
        report.get("leakCheck")
                .properties()
                .forEach(leak -> assertThat(leak.getValue().asInt()).as(leak.getKey()).isZero());
    }

    private static void assertReport(HostileWeb web, Path folder, List<JsonNode> lines) throws IOException {
        JsonNode report = report(folder);
        JsonNode accounting = report.get("accounting");
        assertThat(report.get("finishReason").asString()).isEqualTo("exhausted");
        int sum = 0;
        for (String outcome : List.of("ok", "redirected", "failed", "skipped", "cancelled")) {
            int count = accounting.get(outcome).asInt();
            assertThat(count).as(outcome)
                    .isEqualTo(lines.stream().filter(line -> line.get("outcome").asString().equals(outcome)).count());
            sum += count;
        }
        assertThat(accounting.get("discovered").asInt()).isEqualTo(sum).isEqualTo(lines.size());
        assertNothingIsLeft(report);
        int read = web.cases().stream().mapToInt(HostileCase::readableSitemaps).sum();
        int broken = web.cases().stream().mapToInt(HostileCase::brokenSitemaps).sum();
        int ok = report.at("/auxiliary/sitemaps/ok").asInt();
        assertThat(ok + report.at("/auxiliary/sitemaps/failed").asInt()).as("sitemaps").isEqualTo(read + broken);
        assertThat(ok).as("sitemaps read, but perhaps one that is heavy").isBetween(read - 1, read);
    }

    /** Of the heap, in MB, what was still in use after the fullest of the collections. */
    private int fullest() throws IOException {
        int fullest = 0;
        for (String line : Files.readAllLines(folder.resolve("gc.log"))) {
            Matcher after = HEAP_AFTER.matcher(line);
            if (after.find()) {
                fullest = Math.max(fullest, Integer.parseInt(after.group(1)));
            }
        }
        return fullest;
    }
}
