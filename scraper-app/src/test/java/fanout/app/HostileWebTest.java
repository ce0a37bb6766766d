package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.hostile.HostileCase;
import fanout.hostile.HostileWeb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Crawls of a hostile web: each case ends as its expected lines say, in time, in a small heap, and without a connection
 * to an address that the job does not allow.
 */
@Timeout(300)
class HostileWebTest {

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

    private void crawl(boolean defaults, String heap, String... options) throws Exception {
        try (HostileWeb web = HostileWeb.start(0)) {
            assertThat(web.cases()).hasSizeGreaterThan(60);
            SmallHeap smallHeap = new SmallHeap(folder);
            int code = crawl(smallHeap, web.job(), heap, options);
            assertThat(code).as(smallHeap.stderr()).isZero();
            List<JsonNode> lines = HostileLines.of(folder);
            assertThat(HostileLines.differences(web, lines, defaults)).isEmpty();
            assertReport(web, folder, lines);
            assertThat(smallHeap.fullest()).as("MB in use after a collection")
                    .isPositive()
                    .isLessThan(Integer.parseInt(heap.replace("m", "")));
            assertThat(web.connectionsElsewhere()).as("connections to addresses that the job does not allow").isZero();
        }
    }

    private int crawl(SmallHeap smallHeap, String job, String heap, String... options)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("crawl",
                Files.writeString(folder.resolve("job.yaml"), job).toString(), "--progress", "none", "--report",
                folder.resolve("report.json").toString()));
        for (String name : List.of("pages", "items")) {
            words.addAll(List.of("--set", "output." + name + "=" + folder.resolve(name + ".jsonl")));
        }
        words.addAll(List.of(options));
        return smallHeap.command(heap, 90, words.toArray(String[]::new));
    }

    private static void assertReport(HostileWeb web, Path folder, List<JsonNode> lines) throws IOException {
        JsonNode report = HostileLines.report(folder);
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
        HostileLines.assertNothingIsLeft(report);
        int read = web.cases().stream().mapToInt(HostileCase::readableSitemaps).sum();
        int broken = web.cases().stream().mapToInt(HostileCase::brokenSitemaps).sum();
        int ok = report.at("/auxiliary/sitemaps/ok").asInt();
        assertThat(ok + report.at("/auxiliary/sitemaps/failed").asInt()).as("sitemaps").isEqualTo(read + broken);
        assertThat(ok).as("sitemaps read, but perhaps one that is heavy").isBetween(read - 1, read);
    }

}
