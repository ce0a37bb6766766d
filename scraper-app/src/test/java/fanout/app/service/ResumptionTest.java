package fanout.app.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.app.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** How crawls go on that have ended. */
class ResumptionTest extends SlowCrawlsFixture {

    @Test
    void aCancelledCrawlIsResumedUnderItsIdAndEachUrlIsThereOnce() throws Exception {
        try (RunningService service = crawls.service("limits: {maxPages: 1000}\n")) {
            String crawl = crawls.cancelled(service);
            assertThat(service.post(crawl + "/resume", "{\"limits\": {\"maxPages\": 1001}}").status()).isEqualTo(422);
            assertThat(service.post(crawl + "/resume", "{\"limits\": {\"maxPage\": 1}}").status()).isEqualTo(422);
            assertThat(service.post(crawl + "/resume", "{\"limits\": 1}").status()).isEqualTo(400);

            Answer resumed = service.post(crawl + "/resume", "{\"limits\": {\"maxPages\": 6}}");
            assertThat(resumed.status()).as(resumed.text()).isEqualTo(202);
            assertThat(service.get(crawl + "/report").status()).isEqualTo(404);
            crawls.release();
            JsonNode ended = service.awaitState(crawl, "finished");
            assertThat(ended.get("finishReason").stringValue()).isEqualTo("maxPages");
            assertThat(service.get(crawl + "/pages?outcome=ok").rows()).hasSize(6);

            for (String limits : List.of("{}", "{\"limits\": {\"maxPages\": 6}}")) {
                Answer reached = service.post(crawl + "/resume", limits);
                assertThat(reached.status()).as(limits).isEqualTo(409);
                assertThat(reached.text()).contains(
                        "it has 6 ok pages, and its limits.maxPages is 6; give a larger one, of at most 1000",
                        "\\\"maxPages\\\": 12}}");
            }
            assertThat(service.get(crawl).json()).as("it has ended as before").isEqualTo(ended);
            assertThat(service.get(crawl + "/report").status()).isEqualTo(200);
            assertThat(service.post(crawl + "/resume", "{\"limits\": {\"maxPages\": 100}}").status()).isEqualTo(202);
            assertThat(service.awaitState(crawl, "finished").get("finishReason").stringValue()).isEqualTo("exhausted");
            List<JsonNode> rows = service.get(crawl + "/pages").rows();
            assertThat(rows).hasSize(11)
                    .allSatisfy(row -> assertThat(row.get("outcome").stringValue()).isEqualTo("ok"));
            assertThat(SlowCrawls.urls(rows)).hasSize(11);
            assertThat(service.get(crawl + "/items").rows()).hasSize(11);
            assertThat(service.get(crawl + "/report").json().get("runs").asInt()).isEqualTo(3);
            Answer again = service.post(crawl + "/resume", "{}");
            assertThat(again.status()).isEqualTo(409);
            assertThat(again.text()).contains("there is no journal");
        }
    }

    @Test
    void aCrawlThatHasAllThePagesThatTheServiceAllowsIsNotResumed() throws Exception {
        try (RunningService service = crawls.service("limits: {maxPages: 1}\n")) {
            String crawl = service.submitted(crawls.site().job("/") + "limits: {maxPages: 1}\n");
            service.awaitState(crawl, "finished");
            Answer reached = service.post(crawl + "/resume", "{}");
            assertThat(reached.status()).isEqualTo(409);
            assertThat(reached.text()).contains("this service allows no job more than 1");
        }
    }

    @Test
    void aCrawlWhoseHostsHaveAllTheirPagesIsResumedForMore() throws Exception {
        try (RunningService service = crawls.service("limits: {maxPagesPerHost: 4}\n")) {
            String crawl = service.submitted(crawls.site().job("/") + "limits: {maxPagesPerHost: 1}\n");
            assertThat(service.awaitState(crawl, "finished").get("finishReason").stringValue()).isEqualTo("maxPages");
            assertThat(service.get(crawl + "/pages?outcome=skipped&reason=budget").rows()).isNotEmpty();
            JsonNode cut = service.get(crawl + "/report").json().get("cut");
            assertThat(cut.at("/mostByHost/0/ok").asInt()).isOne();

            for (String limits : List.of("{}", "{\"limits\": {\"maxPages\": 9999}}")) {
                Answer reached = service.post(crawl + "/resume", limits);
                assertThat(reached.status()).as(limits).isEqualTo(409);
                assertThat(reached.text()).contains("its limits.maxPagesPerHost is 1", "\\\"maxPagesPerHost\\\": 2}}");
            }
            assertThat(service.post(crawl + "/resume", "{\"limits\": {\"maxPagesPerHost\": 5}}").status())
                    .isEqualTo(422);
            assertThat(service.post(crawl + "/resume", "{\"limits\": {\"maxPagesPerHost\": 4}}").status())
                    .isEqualTo(202);
            service.awaitState(crawl, "finished");
            assertThat(service.get(crawl + "/pages?outcome=ok").rows()).hasSize(4);
            Answer reached = service.post(crawl + "/resume", "{}");
            assertThat(reached.status()).isEqualTo(409);
            assertThat(reached.text()).contains("this service allows no job more than 4");
        }
    }

    @Test
    void aCrawlWhoseLabelsHaveAllTheirPagesIsResumedForMore() throws Exception {
        try (RunningService service = crawls.service("")) {
            String crawl = service.submitted(crawls.site().job("/")
                    + "follow: [{css: a, label: page}]\nlimits: {maxPagesPerLabel: {page: 1}}\n");
            assertThat(service.awaitState(crawl, "finished").get("finishReason").stringValue()).isEqualTo("maxPages");
            assertThat(service.get(crawl + "/report").json().at("/cut/labels/0/ok").asInt()).isOne();

            Answer reached = service.post(crawl + "/resume", "{}");
            assertThat(reached.status()).isEqualTo(409);
            assertThat(reached.text()).contains("its labels have the pages",
                    "{\\\"maxPagesPerLabel\\\": {\\\"page\\\":2}}");
            assertThat(service.post(crawl + "/resume", "{\"limits\": {\"maxPagesPerLabel\": {\"page\": 2}}}").status())
                    .isEqualTo(202);
            service.awaitState(crawl, "finished");
            assertThat(service.get(crawl + "/pages?outcome=ok").rows()).hasSize(3);
        }
    }

    @Test
    void reasonsAreThoseOfAllRuns() throws Exception {
        try (RunningService service = crawls.service("")) {
            Site site = crawls.site();
            String crawl = service.submitted(site.job("/slow/")
                    .replace("startUrls: [", "startUrls: [\"" + site.url("/robots.txt") + "\", ")); // the site has none
            await().until(() -> site.slowRequests.get() == 10);
            service.post(crawl + "/cancel", "{\"mode\": \"now\"}");
            JsonNode cancelled = service.awaitState(crawl, "cancelled");
            assertThat(cancelled.at("/progress/reasons").toString())
                    .isEqualTo("{\"http_status\":1,\"interrupted\":10}");

            service.post(crawl + "/resume", "{}");
            crawls.release();
            JsonNode finished = service.awaitState(crawl, "finished");
            assertThat(finished.at("/progress/reasons").toString()).isEqualTo("{\"http_status\":1}");
            assertThat(service.get(crawl + "/report").json().at("/accounting/reasons"))
                    .isEqualTo(finished.at("/progress/reasons"));
        }
    }

    @Test
    void ofTwoWhoResumeACrawlAtOnceOneIsTold() throws Exception {
        try (RunningService service = crawls.service("limits: {maxPages: 1000}\n");
                ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
            String crawl = crawls.cancelled(service);
            crawls.release();
            for (int pages = 2; pages <= 8; pages++) {
                String limits = "{\"limits\": {\"maxPages\": " + pages + "}}";
                List<Integer> answers = new ArrayList<>();
                Callable<Answer> resume = () -> service.post(crawl + "/resume", limits);
                for (Future<Answer> each : both.invokeAll(List.of(resume, resume))) {
                    answers.add(each.get().status());
                }
                assertThat(answers).containsExactlyInAnyOrder(202, 409);
                assertThat(service.awaitState(crawl, "finished").at("/progress/ok").asInt()).isEqualTo(pages);
            }
        }
    }

    /** Else the crawl would wait, and no runner would have it. */
    @Test
    void aCrawlWhoseNewLimitsCannotBeKeptHasEndedAsBefore() throws Exception {
        try (RunningService service = crawls.service("maxConcurrentCrawls: 1\nmaxQueuedCrawls: 1\n")) {
            String crawl = crawls.cancelled(service);
            JsonNode before = service.get(crawl).json();
            Path inTheWay = crawls.folderOf(crawl).resolve("limits.json");
            Files.createDirectories(inTheWay.resolve("folder"));
            List<Path> files = filesOf(crawl);

            for (int i = 0; i < 3; i++) { // more often than there are places
                assertThat(service.post(crawl + "/resume", "{\"limits\": {\"maxPages\": 6}}").status()).isEqualTo(503);
                assertThat(service.get(crawl).json()).isEqualTo(before);
                assertThat(filesOf(crawl)).isEqualTo(files);
            }
            assertThat(service.get(crawl + "/report").status()).isEqualTo(200);

            Files.delete(inTheWay.resolve("folder"));
            Files.delete(inTheWay);
            assertThat(service.post(crawl + "/resume", "{\"limits\": {\"maxPages\": 6}}").status()).isEqualTo(202);
            crawls.release();
            assertThat(service.awaitState(crawl, "finished").at("/progress/ok").asInt()).isEqualTo(6);
        }
    }

    /** What an earlier run has said lasts until the next one has begun. */
    @Test
    void resumedCrawlWithoutItsFilesKeepsFiguresAndReport() throws Exception {
        try (RunningService service = crawls.service("maxConcurrentCrawls: 1\n")) {
            String crawl = crawls.cancelled(service);
            JsonNode before = service.get(crawl).json();
            String report = service.get(crawl + "/report").text();
            String series = service.get(crawl + "/series").text();
            assertThat(service.get(crawl + "/series").json().get("points")).isNotEmpty();
            crawls.begin(service);
            assertThat(service.post(crawl + "/resume", "{}").status()).isEqualTo(202);
            assertThat(service.get(crawl).json().get("state").stringValue()).isEqualTo("queued");

            Path items = crawls.folderOf(crawl).resolve("items.jsonl"); // replaced after the look that a resume takes
            Files.move(items, crawls.folderOf(crawl).resolve("aside"));
            Files.createDirectories(items.resolve("folder"));
            crawls.release();
            JsonNode failed = service.awaitState(crawl, "failed");
            assertThat(failed.get("failure").stringValue()).contains("items.jsonl");
            assertThat(failed.get("progress")).isEqualTo(before.get("progress"));
            assertThat(service.get(crawl + "/report").text()).isEqualTo(report);
            assertThat(service.get(crawl + "/series").text()).isEqualTo(series);
        }
    }

    @Test
    void resumedCrawlThatWaitsStillShowsWhatItHadWritten() throws Exception {
        String crawl;
        String end;
        try (RunningService service = crawls.service("maxConcurrentCrawls: 1\nshutdownGrace: 50ms\n")) {
            crawl = crawls.cancelled(service);
            crawls.begin(service);
            assertThat(service.post(crawl + "/resume", "{}").status()).isEqualTo(202);
            assertThat(service.get(crawl).json().get("state").stringValue()).isEqualTo("queued");
            assertThat(service.get(crawl).json().at("/progress/ok").asInt()).isEqualTo(1);
            Answer pages = service.get(crawl + "/pages");
            assertThat(pages.rows()).hasSize(1);
            end = pages.header("Next-Offset").orElseThrow();
            assertThat(service.get(crawl + "/pages?offset=" + end).status()).isEqualTo(200);
            assertThat(service.get(crawl + "/items").rows()).hasSize(1);
        }
        try (RunningService service = crawls.service("maxConcurrentCrawls: 1\n")) {
            assertThat(service.get(crawl + "/pages").rows()).hasSize(1);
            crawls.release();
            service.awaitState(crawl, "finished");
            assertThat(service.get(crawl + "/pages?offset=" + end).rows()).hasSize(10);
        }
    }

    private List<Path> filesOf(String crawl) throws IOException {
        try (Stream<Path> files = Files.list(crawls.folderOf(crawl))) {
            return files.sorted().toList();
        }
    }
}
