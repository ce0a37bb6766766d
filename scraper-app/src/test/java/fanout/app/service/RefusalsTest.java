package fanout.app.service;

import static fanout.app.service.RunningService.CRAWLS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Every refusal is a problem document, and says what is wrong. */
class RefusalsTest {

    @TempDir
    private static Path data;
    private static Site site;
    private static RunningService service;

    @BeforeAll
    static void open() throws Exception {
        site = new Site("Docs");
        service = RunningService.start(data, "maxConcurrentCrawls: 1\nmaxQueuedCrawls: 1\nlimits: {maxPages: 50}\n",
                Optional.empty(), Duration.ofSeconds(20));
    }

    @AfterAll
    static void close() throws Exception {
        site.release.countDown();
        try (Site _ = site) {
            service.close();
        }
    }

    private static JsonNode problem(int status, Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).contains("application/problem+json");
        JsonNode problem = answer.json();
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("title").stringValue()).isNotBlank();
        assertThat(problem.get("detail").stringValue()).isNotBlank();
        assertThat(problem.get("problems").isArray()).isTrue();
        return problem;
    }

    @Test
    void aBadJobIsRefusedWithEachPlace() throws Exception {
        JsonNode problem =
                problem(422, service.submit("name: test\nstartUrls: [x]\nlimits:\n  maxPages: 51\n  maxPage: 1\n"));
        assertThat(problem.get("problems")
                .valueStream()
                .map(place -> place.get("line").asInt() + ":" + place.get("column").asInt() + " "
                        + place.get("path").stringValue() + " " + place.get("message").stringValue()))
                .satisfiesExactlyInAnyOrder(
                        place -> assertThat(place).startsWith("2:13 startUrls[0] "),
                        place -> assertThat(place)
                                .isEqualTo(
                                        "4:13 limits.maxPages maxPages must be at most 50, the limit of this service"),
                        place -> assertThat(place)
                                .startsWith("5:3 limits.maxPage unknown key \"maxPage\"; did you mean"));
    }

    @Test
    void whatIsNoDocumentIsRefusedAsUnreadable() throws Exception {
        assertThat(problem(400, service.submit("name: [")).get("problems").get(0).get("line").asInt()).isEqualTo(1);
        problem(400, service.post(CRAWLS, "name: test"));
        problem(400, service.post(CRAWLS, "{\"name\": \"test\"} {}"));
        problem(400, service.send("POST", CRAWLS, new byte[]{(byte) 0xff, 1}, "Content-Type: application/yaml"));
        problem(422, service.submit("just text"));
        problem(422, service.submit("# nothing"));
    }

    @Test
    void otherTypesAreRefused() throws Exception {
        problem(415, service.send("POST", CRAWLS, "name: x".getBytes(UTF_8), "Content-Type: text/plain"));
        problem(415, service.send("POST", CRAWLS, "name: x".getBytes(UTF_8)));
        problem(415,
                service.send("POST", CRAWLS, "name: x".getBytes(UTF_8), "Content-Type: text/yaml; charset=latin1"));
        problem(415, service.send("POST", CRAWLS, "name: x".getBytes(UTF_8), "Content-Type: application/yaml",
                "Content-Encoding: gzip"));
        problem(415, service.send("POST", "/api/v1/login", "token=x".getBytes(UTF_8),
                "Content-Type: application/x-www-form-urlencoded"));
    }

    @Test
    void aJobMayHaveOneMebibyteAndNoMore() throws Exception {
        String job = site.job("/1.html");
        String filler = "#" + "x".repeat((1 << 20) - job.length() - 2) + "\n";
        byte[] whole = (job + filler).getBytes(UTF_8);
        assertThat(whole).hasSize(1 << 20);
        assertThat(service.send("POST", CRAWLS + "?dryRun=true", whole, "Content-Type: application/yaml").status())
                .isEqualTo(200);
        problem(413, service.send("POST", CRAWLS + "?dryRun=true", (job + filler + "\n").getBytes(UTF_8),
                "Content-Type: application/yaml"));
    }

    @Test
    void whenTheQueueIsFullACrawlIsRefusedAndLeavesNothing() throws Exception {
        String running = service.submitted(site.job("/slow/"));
        service.awaitState(running, "running");
        String queued = service.submitted(site.job("/"));
        Answer refused = service.submit(site.job("/"));
        problem(429, refused);
        assertThat(refused.header("Retry-After")).isPresent();
        assertThat(service.get(CRAWLS).json().get("crawls").size())
                .isEqualTo(data.resolve("crawls").toFile().list().length);
        problem(409, service.delete(running));
        problem(409, service.delete(queued));

        JsonNode gone = service.post(queued + "/cancel", "{}").json();
        assertThat(gone.get("state").stringValue()).isEqualTo("cancelled");
        problem(409, service.post(queued + "/cancel", "{}"));
        assertThat(detail(404, service.get(queued + "/report"))).isEqualTo("the crawl has no report: it did not run");
        assertThat(service.post(running + "/cancel", "{\"mode\": \"now\"}").status()).isEqualTo(202);
        service.awaitState(running, "cancelled");
        problem(409, service.post(running + "/cancel", "{\"mode\": \"drain\"}"));
    }

    @ParameterizedTest
    @CsvSource({"GET,/api/v1/nothing,404", "GET,/api/v1/crawls/none,404", "GET,/api/v1/crawls/../../etc/passwd,404",
        "GET,/api/v1/crawls/%2e%2e,404", "GET,/assets/..%2f..%2fx,404", "GET,/assets/,404", "DELETE,/api/v1/crawls,405",
        "PUT,/api/v1/crawls,405", "POST,/metrics,405", "OPTIONS,/api/v1/crawls,405", "GET,/api/v1/crawls?limit=0,400",
        "GET,/api/v1/crawls?limit=x,400", "GET,/api/v1/crawls?limit=1&limit=2,400", "GET,/api/v1/crawls?what=1,400",
        "GET,/api/v1/crawls?state=dead,400", "POST,/api/v1/crawls/none/cancel,404"})
    void pathsMethodsAndParametersThatAreNotThereAreRefused(String method, String path, int status) throws Exception {
        problem(status, service.send(method, path, new byte[0]));
    }

    @Test
    void readersAreToldWhatIsWrongWithTheirOffset() throws Exception {
        String crawl = service.submitted(site.job("/1.html"));
        service.awaitState(crawl, "finished");
        int end = service.get(crawl + "/pages").body().length;
        problem(416, service.get(crawl + "/pages?offset=" + (end + 1)));
        problem(400, service.get(crawl + "/pages?offset=-1"));
        problem(400, service.get(crawl + "/pages?offset=5&outcome=ok"));
        problem(400, service.get(crawl + "/pages?follow=true&format=csv"));
        problem(400, service.get(crawl + "/pages?follow=maybe"));
        problem(400, service.get(crawl + "/pages?format=xml"));
        problem(400, service.get(crawl + "/pages?limit=10001"));
        problem(400, service.get(crawl + "/pages?limit=0"));
        problem(400, service.get(crawl + "/items?outcome=ok"));
        assertThat(problem(400, service.get(crawl + "/pages?outcome=nope")).get("detail").stringValue())
                .isEqualTo("outcome must be one of ok, redirected, failed, skipped, cancelled");
        assertThat(problem(400, service.get(crawl + "/pages?reason=nope")).get("detail").stringValue())
                .startsWith("reason must be one of http_status, timeout, ");
    }

    /** As after a restore of half a backup, or an edit by hand. */
    @Test
    void aCrawlOfWhichFilesAreGoneSaysWhich() throws Exception {
        String crawl = service.submitted(site.job("/1.html"));
        service.awaitState(crawl, "finished");
        Path folder = data.resolve("crawls").resolve(crawl.substring(CRAWLS.length() + 1));

        Files.writeString(folder.resolve("job"), "name: [");
        assertThat(detail(503, service.get(crawl + "/job"))).contains("job is neither YAML nor JSON");
        assertThat(detail(503, service.get(crawl + "/items?format=csv"))).contains("job is neither YAML nor JSON");
        Files.writeString(folder.resolve("job"), "name: [a]");
        assertThat(detail(409, service.get(crawl + "/items?format=csv"))).startsWith("the job is not valid any more");
        Files.delete(folder.resolve("job"));
        assertThat(detail(404, service.get(crawl + "/job"))).isEqualTo("the job is gone");
        Files.delete(folder.resolve("report.json"));
        assertThat(detail(404, service.get(crawl + "/report")))
                .isEqualTo("the crawl has no report: its file is missing");
        Files.writeString(folder.resolve("series.json"), "[{");
        assertThat(detail(503, service.get(crawl + "/series"))).contains("series.json is not JSON");
        Files.delete(folder.resolve("series.json"));
        assertThat(service.get(crawl + "/series").json().get("points")).isEmpty();
        Files.delete(folder.resolve("pages.jsonl"));
        assertThat(service.get(crawl + "/pages").body()).isEmpty();
        assertThat(service.delete(crawl).status()).isEqualTo(204);
        assertThat(detail(404, service.delete(crawl))).isEqualTo("there is no crawl of this id");
    }

    private static String detail(int status, Answer answer) {
        return problem(status, answer).get("detail").stringValue();
    }

    @Test
    void membersThatAreNotThereAreRefused() throws Exception {
        String crawl = service.submitted(site.job("/1.html"));
        service.awaitState(crawl, "finished");
        problem(400, service.post(crawl + "/cancel", "{\"mode\": \"later\"}"));
        problem(400, service.post(crawl + "/cancel", "{\"mod\": \"now\"}"));
        problem(400, service.post(crawl + "/cancel", "[]"));
        problem(400, service.post(crawl + "/cancel", "{\"mode\": \"now\", \"mode\": \"drain\"}"));
        problem(400, service.post(crawl + "/cancel", "[".repeat(10_000)));
        problem(413, service.post(crawl + "/cancel", "{\"mode\": \"" + "x".repeat(20_000) + "\"}"));
        problem(400, service.post("/api/v1/login", "{}"));
    }

    @Test
    void headersAreBounded() throws Exception {
        problem(431, service.get(CRAWLS, "X-Long: " + "x".repeat(20_000)));
    }
}
