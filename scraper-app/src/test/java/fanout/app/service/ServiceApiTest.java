package fanout.app.service;

import static fanout.app.service.RunningService.CRAWLS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What each endpoint does when all is well. */
class ServiceApiTest extends ServiceFixture {

    private String finished() throws Exception {
        String crawl = service.submitted(site.job("/"));
        service.awaitState(crawl, "finished");
        return crawl;
    }

    @Test
    void aJobIsSubmittedAndItsCrawlWatchedToItsEnd() throws Exception {
        Answer taken = service.submit(site.job("/"));
        assertThat(taken.status()).isEqualTo(201);
        String id = taken.json().get("id").stringValue();
        assertThat(taken.header("Location")).contains(CRAWLS + "/" + id);

        JsonNode crawl = service.awaitState(CRAWLS + "/" + id, "finished");
        assertThat(crawl.get("name").stringValue()).isEqualTo("test");
        assertThat(crawl.get("finishReason").stringValue()).isEqualTo("exhausted");
        assertThat(crawl.at("/progress/ok").asInt()).isEqualTo(11);
        assertThat(crawl.at("/progress/discovered").asInt()).isEqualTo(11);
        assertThat(crawl.at("/progress/items").asInt()).isEqualTo(11);
        assertThat(List.of("createdAt", "startedAt", "finishedAt")).allSatisfy(
                time -> assertThat(crawl.get(time).stringValue()).matches("\\d{4}-\\d\\d-\\d\\dT.*\\.\\d{3}Z"));
    }

    @Test
    void aDryRunChecksAndLeavesNothing() throws Exception {
        Answer answer = service.send("POST", CRAWLS + "?dryRun=true", site.job("/").getBytes(UTF_8),
                "Content-Type: application/yaml; charset=utf-8");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("valid").asBoolean()).isTrue();
        assertThat(service.get(CRAWLS).json().get("crawls")).isEmpty();
        assertThat(data.resolve("crawls")).isEmptyDirectory();
    }

    @Test
    void aJobMayBeJson() throws Exception {
        Answer answer = service.post(CRAWLS, "{\"name\": \"json\", \"startUrls\": [\"" + site.url("/1.html")
                + "\"], \"network\": {\"allowPrivateAddresses\": true}}");
        assertThat(answer.status()).isEqualTo(201);
        String crawl = answer.header("Location").orElseThrow();
        service.awaitState(crawl, "finished");
        assertThat(service.get(crawl + "/job").header("Content-Type")).contains("application/json");
    }

    @Test
    void theJobIsGivenBackAsItWasSubmitted() throws Exception {
        String crawl = finished();
        Answer job = service.get(crawl + "/job");
        assertThat(job.header("Content-Type")).contains("application/yaml");
        assertThat(job.text()).isEqualTo(site.job("/"));
    }

    @Test
    void pagesAndItemsAreGivenAsTheyAreStoredAndFromAnyPlace() throws Exception {
        String crawl = finished();
        for (String what : List.of("/pages", "/items")) {
            Answer all = service.get(crawl + what);
            assertThat(all.status()).isEqualTo(200);
            assertThat(all.header("Content-Type")).contains("application/x-ndjson");
            assertThat(all.rows()).hasSize(11);
            assertThat(all.text()).endsWith("\n");
            assertThat(all.header("Next-Offset")).contains(String.valueOf(all.body().length));
            assertThat(service.get(crawl + what + "?offset=37").text()).isEqualTo(all.text().substring(37));
            assertThat(service.get(crawl + what + "?offset=" + all.body().length).text()).isEmpty();
        }
    }

    @Test
    void linksAreGivenAsPagesAreIfTheJobAsksForThem() throws Exception {
        Path elsewhere = data.resolve("elsewhere.csv.gz");
        String crawl = service.submitted(site.job("/") + "output: {links: {path: " + elsewhere + ", bom: true}}\n");
        service.awaitState(crawl, "finished");

        Answer all = service.get(crawl + "/links");
        assertThat(all.rows()).hasSize(10).allSatisfy(row -> {
            assertThat(row.get("from").stringValue()).isEqualTo(site.url("/"));
            assertThat(row.get("inScope").asBoolean()).isTrue();
        });
        assertThat(all.header("Content-Disposition")).contains("attachment; filename=\"test-links.jsonl\"");
        assertThat(service.get(crawl + "/links?q=3.html").rows()).hasSize(1);
        assertThat(service.get(crawl + "/links?format=csv").text()).startsWith("from,to,text,rel,nofollow,inScope\r\n")
                .hasLineCount(11);
        assertThat(elsewhere).doesNotExist();
        assertThat(service.get(finished() + "/links").text()).as("of a job without them").isEmpty();
    }

    @Test
    void bodiesLieInTheFolderOfTheirCrawlAndGoWithIt() throws Exception {
        Path elsewhere = data.resolve("elsewhere/files");
        String crawl = service.submitted(site.job("/") + "output: {bodies: true, files: " + elsewhere + "}\n");
        service.awaitState(crawl, "finished");

        Path folder = data.resolve("crawls").resolve(crawl.substring(crawl.lastIndexOf('/') + 1));
        assertThat(service.get(crawl + "/files").rows()).hasSize(11)
                .allSatisfy(row -> assertThat(folder.resolve(row.get("path").stringValue()))
                        .hasSize(row.get("bytes").asLong()));
        assertThat(service.get(crawl + "/files?format=csv").text())
                .startsWith("url,path,bytes,sha256,contentType,referrer,data\r\n")
                .hasLineCount(12);
        assertThat(elsewhere).doesNotExist();
        assertThat(service.get(finished() + "/files").text()).as("of a job without them").isEmpty();

        assertThat(service.send("DELETE", crawl, new byte[0]).status()).isLessThan(300);
        assertThat(folder).doesNotExist();
    }

    @Test
    void filteredPagesComeInPagesWithWhereTheNextBegins() throws Exception {
        String crawl = finished();
        List<JsonNode> found = new ArrayList<>();
        long offset = 0;
        long end = Long.MAX_VALUE;
        while (offset < end) {
            Answer page = service.get(crawl + "/pages?outcome=ok&q=.HTML&limit=4&offset=" + offset);
            found.addAll(page.rows());
            assertThat(page.rows()).hasSizeLessThanOrEqualTo(4);
            offset = Long.parseLong(page.header("Next-Offset").orElseThrow());
            end = Long.parseLong(page.header("End-Offset").orElseThrow());
        }
        assertThat(found).hasSize(10).allSatisfy(row -> assertThat(row.get("url").stringValue()).endsWith(".html"));
        assertThat(service.get(crawl + "/pages?outcome=failed").text()).isEmpty();
        assertThat(service.get(crawl + "/pages?q=docs%20/3.html").rows()).hasSize(1); // in the title
        assertThat(service.get(crawl + "/pages?reason=timeout").text()).isEmpty();
    }

    @Test
    void csvHasTheColumnsOfTheFilesThatTheCommandWrites() throws Exception {
        String crawl = finished();
        assertThat(service.get(crawl + "/pages?format=csv").text())
                .startsWith("url,outcome,reason,status,redirectUrl,redirects,depth,label,")
                .hasLineCount(12);
        Answer items = service.get(crawl + "/items?format=csv&limit=2");
        assertThat(items.text()).startsWith("_url,_rule,head\r\n").hasLineCount(3);
        Answer rest = service.get(crawl + "/items?format=csv&offset=" + items.header("Next-Offset").orElseThrow());
        assertThat(rest.text()).hasLineCount(9).doesNotContain("_rule");
    }

    @Test
    void theReportIsThereWhenTheCrawlHasEnded() throws Exception {
        String waiting = service.submitted(site.job("/slow/"));
        service.awaitState(waiting, "running");
        assertThat(service.get(waiting + "/report").status()).isEqualTo(404);
        site.release.countDown();
        service.awaitState(waiting, "finished");
        JsonNode report = service.get(waiting + "/report").json();
        assertThat(report.get("finishReason").stringValue()).isEqualTo("exhausted");
        assertThat(report.get("leakCheck").properties()).allSatisfy(
                leak -> assertThat(leak.getValue().asInt()).as(leak.getKey()).isZero());
    }

    @Test
    void tasksAndHostsShowWhoWaitsForWhat() throws Exception {
        String crawl = service.submitted(site.job("/slow/"));
        await().until(() -> site.slowRequests.get() == 10);

        JsonNode tasks = service.get(crawl + "/tasks").json();
        List<JsonNode> atWork =
                tasks.findParents("about").stream().filter(task -> task.get("about").isString()).toList();
        assertThat(atWork).hasSize(10).allSatisfy(task -> {
            assertThat(task.get("stage").stringValue()).isEqualTo("headers");
            assertThat(task.get("waitsFor").stringValue()).isEqualTo("the response");
            assertThat(task.get("deadlineRemainingMs").asLong()).isBetween(1L, 30_000L);
        });
        JsonNode host = service.get(crawl + "/hosts?limit=1").json().get("hosts").get(0);
        assertThat(host.get("inFlight").asInt()).isEqualTo(10);
        assertThat(host.get("circuit").stringValue()).isEqualTo("closed");
        assertThat(service.get(crawl).json().at("/progress/inFlight").asInt()).isEqualTo(10);
        assertThat(service.get(crawl + "/series").json().get("points").isArray()).isTrue();

        site.release.countDown();
        service.awaitState(crawl, "finished");
        assertThat(service.get(crawl + "/tasks").json().get("children")).isEmpty();
        assertThat(service.get(crawl + "/hosts").json().get("hosts")).isEmpty();
        assertThat(service.get(crawl + "/series").json().get("points")).isNotEmpty();
    }

    @Test
    void aCrawlThatAnotherKeepsWaitingSaysSo() throws Exception {
        String patient = service.submitted(
                site.job("/").replace("name: test", "name: patient").replace("delay: 0", "delay: 60s"));
        await().until(() -> service.get(patient).json().at("/progress/delayed").asInt() == 1);
        String hasty = service.submitted(site.job("/1.html"));
        await().until(() -> !service.get(hasty).json().get("problems").isEmpty());
        assertThat(service.get(hasty).json().get("problems").get(0).stringValue())
                .endsWith(" is held by the crawl patient, whose delay of 60000 ms holds for all crawls");
        assertThat(service.get(patient).json().get("problems")).isEmpty();
    }

    @Test
    void crawlsAreListedNewestFirstPageByPage() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.addFirst(finished().substring(CRAWLS.length() + 1));
        }
        JsonNode first = service.get(CRAWLS + "?limit=3").json();
        assertThat(idsOf(first)).isEqualTo(ids.subList(0, 3));
        assertThat(first.get("next").stringValue()).isEqualTo(ids.get(2));
        for (int limit : List.of(2, 3)) {
            JsonNode rest = service.get(CRAWLS + "?limit=" + limit + "&before=" + ids.get(2)).json();
            assertThat(idsOf(rest)).isEqualTo(ids.subList(3, 5));
            assertThat(rest.get("next").isNull()).as("whether nothing is left after %d", limit).isTrue();
        }
        assertThat(idsOf(service.get(CRAWLS + "?state=running").json())).isEmpty();
        assertThat(idsOf(service.get(CRAWLS + "?state=finished&name=test").json())).isEqualTo(ids);
        assertThat(idsOf(service.get(CRAWLS + "?name=other").json())).isEmpty();
    }

    @Test
    void aPageBeginsBehindACrawlThatWasDeletedMeanwhile() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ids.addFirst(finished().substring(CRAWLS.length() + 1));
        }
        JsonNode first = service.get(CRAWLS + "?limit=2").json();
        assertThat(first.get("next").stringValue()).isEqualTo(ids.get(1));
        service.delete(CRAWLS + "/" + ids.get(1));
        assertThat(idsOf(service.get(CRAWLS + "?limit=2&before=" + ids.get(1)).json())).isEqualTo(ids.subList(2, 4));
        assertThat(idsOf(service.get(CRAWLS + "?before=" + ids.get(1) + "&state=finished&name=test").json()))
                .isEqualTo(ids.subList(2, 4));
        assertThat(idsOf(service.get(CRAWLS + "?before=" + "0".repeat(17)).json())).isEmpty();
        assertThat(idsOf(service.get(CRAWLS + "?before=" + "z".repeat(17)).json())).hasSize(3);
        for (String noId : List.of("x", "Z".repeat(17), "0".repeat(18))) {
            assertThat(service.get(CRAWLS + "?before=" + noId).status()).as(noId).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/yaml", "text/yaml", "application/x-yaml", "Application/YAML; charset=UTF-8",
        "text/yaml;charset=\"utf-8\"", "application/x-yaml; charset=us-ascii; x=y"})
    void aJobMayHaveAnyNameOfYaml(String type) throws Exception {
        assertThat(service.send("POST", CRAWLS + "?dryRun=true", site.job("/").getBytes(UTF_8), "Content-Type: " + type)
                .status()).isEqualTo(200);
    }

    /** They wait behind one that does not end, so nothing is fetched. */
    @Test
    void aJobIsShownAsItWasSubmittedAndItsMaskIsRefused() throws Exception {
        List<String> jobs = new ArrayList<>(List.of(site.job("/"), site.job("/").replace("\n", "\r\n"),
                site.job("/") + "follow: [{xpath: '//a[@rel=\"next\"]', attr: href}] # //user:password@host\n",
                "{\"name\": \"x\", \"startUrls\": [\"http://127.0.0.1/a//b@c\"]}"));
        try (Stream<Path> examples = Files.list(Path.of("examples"))) {
            for (Path example : examples.filter(file -> file.toString().endsWith(".yaml")).toList()) {
                jobs.add(Files.readString(example));
            }
        }
        String busy = "maxConcurrentCrawls: 1\n";
        try (RunningService one =
                RunningService.start(data.resolve("one"), busy, Optional.empty(), Duration.ofSeconds(20))) {
            one.awaitState(one.submitted(site.job("/slow/")), "running");
            int shown = 0;
            for (String job : jobs) {
                String type = "Content-Type: " + (job.startsWith("{") ? "application/json" : "text/yaml");
                Answer answer = one.send("POST", CRAWLS, job.getBytes(UTF_8), type);
                if (answer.status() == 201) {
                    assertThat(one.get(answer.header("Location").orElseThrow() + "/job").text()).isEqualTo(job);
                    shown++;
                }
            }
            assertThat(shown).isGreaterThanOrEqualTo(8);
            String secrets = site.job("/") + """
                    http:
                      headers: {Authorization: Bearer s3cret-1, X-Api-Key: "s3cret-2", Accept: text/html}
                    """;
            String masked = one.get(one.submitted(secrets) + "/job").text();
            assertThat(masked)
                    .isEqualTo(secrets.replace("Bearer s3cret-1", "\"***\"").replace("\"s3cret-2\"", "\"***\""));
            Answer again = one.submit(masked);
            assertThat(again.status()).isEqualTo(422);
            assertThat(again.text()).contains("*** is what a service shows instead of a login or key");
        }
    }

    private static List<String> idsOf(JsonNode page) {
        return page.get("crawls").valueStream().map(crawl -> crawl.get("id").stringValue()).toList();
    }

    @Test
    void aCrawlThatHasEndedIsDeletedWithItsFiles() throws Exception {
        String crawl = finished();
        assertThat(service.delete(crawl).status()).isEqualTo(204);
        assertThat(service.get(crawl).status()).isEqualTo(404);
        assertThat(service.delete(crawl).status()).isEqualTo(404);
        assertThat(data.resolve("crawls")).isEmptyDirectory();
    }

    @Test
    void aHeadRequestHasTheHeadersAndNoBody() throws Exception {
        String crawl = finished();
        assertThat(service.send("HEAD", crawl, new byte[0]).status()).isEqualTo(200);
        assertThat(service.send("HEAD", crawl + "/pages", new byte[0]).status()).isEqualTo(200);
        assertThat(service.send("HEAD", crawl + "/events", new byte[0]).status()).isEqualTo(200);
        assertThat(service.send("HEAD", CRAWLS + "/none", new byte[0]).status()).isEqualTo(404);
    }

    @Test
    void theSchemaHealthAndDashboardAreServed() throws Exception {
        assertThat(service.get("/api/v1/schema").json().get("$id").stringValue()).isEqualTo("urn:fanout-scraper:job:1");
        assertThat(service.get("/health/live").status()).isEqualTo(200);
        assertThat(service.get("/health/ready").status()).isEqualTo(200);
        assertThat(service.get("/").text()).contains("/assets/main.js");
        String crawl = finished();
        service.service().stop();
        assertThat(service.get("/health/ready").status()).isEqualTo(503);
        assertThat(service.get("/health/live").status()).isEqualTo(200);
        for (Answer refused : List.of(service.submit(site.job("/")), service.post(crawl + "/resume", "{}"))) {
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.json().get("detail").stringValue())
                    .startsWith("the service stops, and takes no more crawls; ");
        }
    }
}
