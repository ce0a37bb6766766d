package fanout.app.service;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Crawls of a service that are compared with what their job expects. The site has eleven pages. */
@Timeout(120)
class ExpectServiceTest {

    private static final String HALF = "expect: {maxChangePercent: 50}\n";

    @TempDir
    private Path data;

    private Site site;

    @BeforeEach
    void openSite() throws Exception {
        site = new Site("Page");
    }

    @AfterEach
    void closeSite() {
        site.close();
    }

    private String job(int pages) {
        return site.job("/") + "limits: {maxPages: " + pages + "}\n" + HALF;
    }

    /** Crawls to the end, and returns the crawl. */
    private static JsonNode crawl(RunningService service, String job) throws Exception {
        return service.awaitState(service.submitted(job), "finished");
    }

    private static String path(JsonNode crawl) {
        return "/api/v1/crawls/" + crawl.at("/id").asString();
    }

    private static JsonNode expectations(RunningService service, JsonNode crawl) throws Exception {
        return service.get(path(crawl) + "/report").json().at("/expectations");
    }

    private static double ended(RunningService service, String result) throws Exception {
        return service.get("/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith("scraper_crawls_ended_total{crawl_job=\"test\",result=\"" + result
                        + "\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }

    @Test
    void brokenExpectationIsAProblemOfACrawlThatHasFinished() throws Exception {
        try (RunningService service = RunningService.start(data)) {
            JsonNode good = crawl(service, site.job("/") + "expect: {minPages: 11, filled: {heads.head: 100}}\n");
            JsonNode broken = crawl(service, site.job("/") + "expect: {minPages: 12}\n");

            assertThat(good.at("/problems")).isEmpty();
            assertThat(broken.at("/problems").valueStream()).extracting(JsonNode::asString)
                    .containsExactly("expect.minPages: 11 pages, wanted at least 12");
            assertThat(broken.at("/finishReason").asString()).isEqualTo("exhausted");
            assertThat(expectations(service, broken).at("/checks/0/holds").asBoolean(true)).isFalse();
            assertThat(ended(service, "expectation")).isEqualTo(1);
            assertThat(ended(service, "success")).isEqualTo(1);
        }
    }

    @Test
    void figuresBelongToTheJobsName() throws Exception {
        try (RunningService service = RunningService.start(data)) {
            crawl(service, job(8));
            JsonNode other = crawl(service, job(2).replace("name: test", "name: other"));
            JsonNode uncompared = crawl(service, site.job("/") + "limits: {maxPages: 2}\n");
            JsonNode broken = crawl(service, job(3));

            assertThat(expectations(service, other).at("/baseline").isNull()).isTrue();
            assertThat(expectations(service, uncompared).at("/baseline/pages").asLong()).isEqualTo(8);
            assertThat(expectations(service, broken).at("/baseline/pages").asLong()).isEqualTo(8);
            assertThat(broken.at("/problems/0").asString()).startsWith("expect.maxChangePercent.pages: 3 pages, "
                    + "62.5 % fewer than the 8 in the run of ");
        }
    }

    @Test
    void figuresOutliveTheCrawlAndTheProcess() throws Exception {
        try (RunningService service = RunningService.start(data)) {
            JsonNode first = crawl(service, job(8));
            assertThat(service.delete(path(first)).status()).isEqualTo(204);
        }
        try (RunningService service = RunningService.start(data)) {
            assertThat(crawl(service, job(3)).at("/problems")).hasSize(2);
        }
    }

    @Test
    void historyThatIsMadeAgainHasTheFiguresOfTheCrawls() throws Exception {
        JsonNode older;
        try (RunningService service = RunningService.start(data)) {
            older = crawl(service, job(11));
            crawl(service, job(7));
            assertThat(crawl(service, job(3)).at("/problems")).hasSize(2);
        }
        for (String part : new String[]{"", "-wal", "-shm"}) {
            Files.deleteIfExists(data.resolve("history.db" + part));
        }
        try (RunningService service = RunningService.start(data)) {
            JsonNode found = service.get("/api/v1/crawls?name=test").json().at("/crawls");
            assertThat(found.valueStream().map(crawl -> crawl.at("/problems").size())).containsExactly(2, 0, 0);
            JsonNode next = crawl(service, job(6));

            assertThat(expectations(service, next).at("/baseline/pages").asLong()).isEqualTo(3);
            assertThat(next.at("/problems/0").asString()).contains("100 % more than the 3");
            assertThat(older.at("/problems")).isEmpty();
        }
    }

    @Test
    void resumedCrawlKeepsWhatItIsComparedWith() throws Exception {
        try (RunningService service = RunningService.start(data)) {
            crawl(service, job(8));
            JsonNode broken = crawl(service, job(3));
            assertThat(broken.at("/problems")).hasSize(2);
            String id = path(broken);
            assertThat(service.post(id + "/resume", "{\"limits\": {\"maxPages\": 10}}").json().at("/problems"))
                    .as("while it waits, nothing is wrong with it")
                    .isEmpty();
            JsonNode resumed = service.awaitState(id, "finished");

            assertThat(resumed.at("/problems")).isEmpty();
            assertThat(expectations(service, resumed).at("/baseline/pages").asLong()).isEqualTo(8);
            assertThat(expectations(service, crawl(service, job(9))).at("/baseline/pages").asLong()).isEqualTo(10);
        }
    }

    @Test
    void unknownFieldIsAProblemWithItsPlace() throws Exception {
        try (RunningService service = RunningService.start(data)) {
            Answer answer = service.submit(site.job("/") + "expect: {filled: {heads.haed: 90}}\n");

            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.text()).contains("filled has heads.haed, and no rule has such a field; did you mean "
                    + "heads.head?", "\"path\":\"expect.filled");
        }
    }
}
