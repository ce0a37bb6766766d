package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.hostile.HostileCase;
import fanout.hostile.HostileWeb;
import fanout.synthetic.SyntheticWeb;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Ten crawls at once in one process with a small heap. Takes minutes, so its name keeps it out of the build. */
@Timeout(900)
class TenCrawlsSoak {

    private static final int CRAWLS = 10;

    @TempDir
    private Path folder;

    /** They share a pace at each host, and memory: ten crawls need no more of it than one. */
    @Test
    void hostileWebIsHarmlessForTenCrawls() throws Exception {
        try (HostileWeb web = HostileWeb.start(0)) {
            String job = web.job()
                    .replace("requestTimeout: 3s, maxDuration: 60s",
                            "requestTimeout: 3s, maxDuration: 5m, maxBodySize: 1MiB")
                    + "concurrency: 16\n";
            crawlTenTimes(job);

            for (int crawl = 0; crawl < CRAWLS; crawl++) {
                Path own = folder.resolve(String.valueOf(crawl));
                List<JsonNode> lines = HostileLines.of(own);
                Set<String> late = casesLateForParsing(web, lines);
                assertThat(late).as("crawl %d", crawl).hasSizeLessThan(web.cases().size() / 10);
                assertThat(HostileLines.differences(web, lines, false)).as("crawl %d", crawl)
                        .allMatch(difference -> late.contains(difference.substring(0, difference.indexOf(':'))));
                HostileLines.assertNothingIsLeft(HostileLines.report(own));
            }
            assertThat(web.connectionsElsewhere()).as("connections to addresses that the job does not allow").isZero();
        }
    }

    /** Pages of which hardly more than one fits into the memory for documents at once; and budgets are exact. */
    @Test
    void largePagesFitIntoTheSharedMemory() throws Exception {
        try (SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(8).bodyBytes(5 << 20).start()) {
            crawlTenTimes("""
                    name: large
                    startUrls: ["%s"]
                    network: {allowedCidrs: [127.0.0.0/8]}
                    politeness: {delay: 0}
                    limits: {maxPages: 5, maxDuration: 5m}
                    """.formatted(web.startUrls().getFirst()));

            for (int crawl = 0; crawl < CRAWLS; crawl++) {
                Path own = folder.resolve(String.valueOf(crawl));
                assertThat(HostileLines.of(own)).as("crawl %d", crawl)
                        .filteredOn(line -> line.get("outcome").asString().equals("ok"))
                        .hasSize(5);
                JsonNode report = HostileLines.report(own);
                assertThat(report.get("finishReason").asString()).isEqualTo("maxPages");
                assertThat(report.at("/accounting/failed").asInt()).isZero();
                HostileLines.assertNothingIsLeft(report);
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
        SmallHeap heap = new SmallHeap(folder);
        int code = heap.run("256m", 800, ManyCrawls.class.getName(), file, String.valueOf(CRAWLS));

        assertThat(code).as(heap.stderr()).isZero();
    }
}
