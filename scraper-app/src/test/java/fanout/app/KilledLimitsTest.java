package fanout.app;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.synthetic.SyntheticWeb;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Crawls as processes of their own that are killed, whose limits and first pages hold over all their runs. */
@Timeout(180)
@EnabledIfSystemProperty(named = "fanout.ci", matches = "true", disabledReason = "takes its time: -Dfanout.ci=true")
class KilledLimitsTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int PAGES = 100;
    private static final int KILLS = 3;
    /** Lines of one run before it is killed: after the first flush there are more. */
    private static final int SOME = 5;

    private final SyntheticWeb web = SyntheticWeb.builder().hosts(2).pagesPerHost(PAGES).start();

    @TempDir
    private Path folder;

    @AfterEach
    void closeWeb() {
        web.close();
    }

    private String job(List<String> starts, String... sections) {
        String startUrls = starts.stream().map("\"%s\""::formatted).toList().toString();
        return """
                version: 1
                name: killed
                startUrls: %s
                network: {allowedCidrs: [127.0.0.0/8]}
                %s
                """.formatted(startUrls, String.join("\n", sections));
    }

    private List<JsonNode> lines() throws IOException {
        Path file = folder.resolve("pages.jsonl");
        if (!Files.exists(file)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(JSON::readTree).toList();
        }
    }

    private long count() throws IOException {
        Path file = folder.resolve("pages.jsonl");
        if (!Files.exists(file)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        }
    }

    /** Kills the crawl some times before its end, then lets it end; returns the report of all runs. */
    private JsonNode killAndResume(String job) throws IOException, InterruptedException {
        for (int kill = 0; kill < KILLS; kill++) {
            long before = count();
            try (CommandProcess command =
                    CommandProcess.start(folder, job, "--resume", "--set", "politeness.delay=100ms")) {
                await().atMost(Duration.ofSeconds(60)).until(() -> count() > before + SOME);
                command.signal("KILL");
                assertThat(command.exitCode()).isEqualTo(137);
            }
        }
        try (CommandProcess command =
                CommandProcess.start(folder, job, "--resume", "--set", "politeness.delay=10ms")) {
            assertThat(command.exitCode()).as(command.stderr()).isZero();
            assertThat(command.report().at("/runs").asInt()).isEqualTo(KILLS + 1);
            assertThat(lines()).extracting(line -> line.at("/url").asString()).doesNotHaveDuplicates();
            return command.report();
        }
    }

    private Stream<JsonNode> ok() throws IOException {
        return lines().stream().filter(line -> line.at("/outcome").asString().equals("ok"));
    }

    @Test
    void limitsOfHostsAndLabelsAreExactOverAllRuns() throws Exception {
        int ofHost = PAGES * 3 / 4;
        int ofLabel = PAGES;
        JsonNode report = killAndResume(job(web.startUrls(), "follow: [{css: a, label: page}]",
                "limits: {maxPagesPerHost: %d, maxPagesPerLabel: {page: %d}}".formatted(ofHost, ofLabel)));

        Map<String, Long> hosts = ok().collect(groupingBy(
                line -> URI.create(line.at("/url").asString()).getAuthority(), counting()));
        assertThat(hosts).hasSize(2).allSatisfy((_, pages) -> assertThat(pages).isLessThanOrEqualTo(ofHost));
        assertThat(ok().filter(line -> line.at("/label").asString().equals("page"))).hasSize(ofLabel);
        assertThat(report.at("/accounting/ok").asInt()).isEqualTo(ofLabel + web.startUrls().size());
        assertThat(lines()).filteredOn(line -> !line.at("/outcome").asString().equals("ok"))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.at("/reason").asString()).isEqualTo("budget"));
    }

    @Test
    void limitOfHostsIsReachedByEachAndPassedByNone() throws Exception {
        int ofHost = PAGES / 2;
        JsonNode report = killAndResume(job(web.startUrls(), "limits: {maxPagesPerHost: %d}".formatted(ofHost)));

        assertThat(ok().collect(groupingBy(line -> URI.create(line.at("/url").asString()).getAuthority(), counting()))
                .values()).containsExactly((long) ofHost, (long) ofHost);
        assertThat(report.at("/accounting/ok").asInt()).isEqualTo(2 * ofHost);
    }

    /** Which page is the first may be another than before the kill only if that one had no line. */
    @Test
    void duplicateNamesAFirstPageFurtherUpAndLeadsNowhere() throws Exception {
        int contents = 4;
        web.on("/", exchange -> exchange.respond(200, "text/html", IntStream.range(0, PAGES)
                .mapToObj("<a href='/copy%d/'>copy</a>"::formatted)
                .reduce("", String::concat)));
        for (int page = 0; page < PAGES; page++) {
            String content = "<a href='next'>next</a>" + page % contents;
            String next = "next of " + page;
            web.on("/copy" + page + "/", exchange -> exchange.respond(200, "text/html", content))
                    .on("/copy" + page + "/next", exchange -> exchange.respond(200, "text/html", next));
        }
        JsonNode report = killAndResume(
                job(List.of(web.urlOf(0, "/")), "scope: {followDuplicates: false}"));

        Map<String, String> firsts = new HashMap<>(); // by their hash
        int duplicates = 0;
        for (JsonNode line : lines()) {
            assertThat(line.at("/outcome").asString()).isEqualTo("ok");
            String first = firsts.putIfAbsent(line.at("/contentHash").asString(), line.at("/url").asString());
            assertThat(line.has("duplicateOf")).as("%s", line).isEqualTo(first != null);
            if (first != null) {
                assertThat(line.at("/duplicateOf").asString()).isEqualTo(first);
                duplicates++;
            }
        }
        assertThat(duplicates).isEqualTo(PAGES - contents);
        assertThat(lines()).extracting(line -> line.at("/url").asString())
                .filteredOn(url -> url.endsWith("/next"))
                .containsExactlyInAnyOrderElementsOf(firsts.values()
                        .stream()
                        .filter(url -> url.contains("/copy") && url.endsWith("/"))
                        .map(url -> url + "next")
                        .toList());
        assertThat(report.at("/dropped").asInt()).isEqualTo(duplicates);
    }
}
