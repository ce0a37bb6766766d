package fanout.app.service;

import static fanout.app.service.RunningService.CRAWLS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fanout.app.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** How crawls end: asked by a person, by the end of the service, by their quota; and how they go on. */
class EndingTest {

    @TempDir
    private Path data;
    private Site site;

    @BeforeEach
    void open() throws Exception {
        site = new Site("Docs");
    }

    @AfterEach
    void close() {
        site.release.countDown();
        site.close();
    }

    private RunningService service(String more) throws Exception {
        return RunningService.start(data, more, Optional.empty(), Duration.ofSeconds(20));
    }

    private String slowCrawl(RunningService service) throws Exception {
        int before = site.slowRequests.get();
        String crawl = service.submitted(site.job("/slow/"));
        await().until(() -> site.slowRequests.get() == before + 10);
        return crawl;
    }

    private static Set<String> urls(List<JsonNode> rows) {
        return rows.stream().map(row -> row.get("url").stringValue()).collect(Collectors.toSet());
    }

    @Test
    void aDrainSaysTruthfullyWhatStillEndsAsOftenAsItIsAsked() throws Exception {
        try (RunningService service = service("")) {
            String crawl = slowCrawl(service);
            for (int i = 0; i < 2; i++) {
                Answer answer = service.post(crawl + "/cancel", "{\"mode\": \"drain\"}");
                assertThat(answer.status()).isEqualTo(202);
                JsonNode ending = answer.json();
                assertThat(ending.get("state").stringValue()).isEqualTo("draining");
                assertThat(ending.get("mode").stringValue()).isEqualTo("drain");
                assertThat(ending.get("inFlight").asInt()).isEqualTo(10);
                assertThat(ending.get("queued").asInt()).isZero();
                assertThat(ending.get("ending")).hasSize(10);
            }
            site.release.countDown();
            JsonNode ended = service.awaitState(crawl, "finished", "cancelled");
            assertThat(ended.at("/progress/ok").asInt()).isEqualTo(11);
            assertThat(service.post(crawl + "/cancel", "{}").status()).isEqualTo(409);
        }
    }

    @Test
    void aCancelGivesUpWhatIsInFlightAndIsNotTakenBack() throws Exception {
        try (RunningService service = service("")) {
            String crawl = slowCrawl(service);
            assertThat(service.post(crawl + "/cancel", "{\"mode\": \"now\"}").status()).isEqualTo(202);
            service.awaitState(crawl, "cancelled");
            assertThat(service.get(crawl).json().get("finishReason").stringValue()).isEqualTo("interrupted");
            assertThat(service.get(crawl + "/pages?outcome=cancelled").rows()).hasSize(10);
            assertThat(service.get(crawl + "/pages?outcome=ok").rows()).hasSize(1);
        }
    }

    @Test
    void aCancelledCrawlIsResumedUnderItsIdAndEachUrlIsThereOnce() throws Exception {
        try (RunningService service = service("limits: {maxPages: 1000}\n")) {
            String crawl = slowCrawl(service);
            service.post(crawl + "/cancel", "{\"mode\": \"now\"}");
            service.awaitState(crawl, "cancelled");
            assertThat(service.post(crawl + "/resume", "{\"limits\": {\"maxPages\": 1001}}").status()).isEqualTo(422);
            assertThat(service.post(crawl + "/resume", "{\"limits\": {\"maxPage\": 1}}").status()).isEqualTo(422);
            assertThat(service.post(crawl + "/resume", "{\"limits\": 1}").status()).isEqualTo(400);

            Answer resumed = service.post(crawl + "/resume", "{\"limits\": {\"maxPages\": 6}}");
            assertThat(resumed.status()).as(resumed.text()).isEqualTo(202);
            assertThat(service.get(crawl + "/report").status()).isEqualTo(404);
            site.release.countDown();
            JsonNode ended = service.awaitState(crawl, "finished");
            assertThat(ended.get("finishReason").stringValue()).isEqualTo("maxPages");
            assertThat(service.get(crawl + "/pages?outcome=ok").rows()).hasSize(6);

            assertThat(service.post(crawl + "/resume", "{\"limits\": {\"maxPages\": 100}}").status()).isEqualTo(202);
            assertThat(service.awaitState(crawl, "finished").get("finishReason").stringValue()).isEqualTo("exhausted");
            List<JsonNode> rows = service.get(crawl + "/pages").rows();
            assertThat(rows).hasSize(11)
                    .allSatisfy(row -> assertThat(row.get("outcome").stringValue()).isEqualTo("ok"));
            assertThat(urls(rows)).hasSize(11);
            assertThat(service.get(crawl + "/items").rows()).hasSize(11);
            assertThat(service.get(crawl + "/report").json().get("runs").asInt()).isEqualTo(3);
            Answer again = service.post(crawl + "/resume", "{}");
            assertThat(again.status()).isEqualTo(409);
            assertThat(again.text()).contains("there is no journal");
        }
    }

    @Test
    void ofTwoWhoResumeACrawlAtOnceOneIsTold() throws Exception {
        try (RunningService service = service("limits: {maxPages: 1000}\n");
                ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
            String crawl = slowCrawl(service);
            service.post(crawl + "/cancel", "{\"mode\": \"now\"}");
            service.awaitState(crawl, "cancelled");
            site.release.countDown();
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
        try (RunningService service = service("maxConcurrentCrawls: 1\nmaxQueuedCrawls: 1\n")) {
            String crawl = slowCrawl(service);
            service.post(crawl + "/cancel", "{\"mode\": \"now\"}");
            JsonNode before = service.awaitState(crawl, "cancelled");
            Path inTheWay = folderOf(crawl).resolve("limits.json");
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
            site.release.countDown();
            assertThat(service.awaitState(crawl, "finished").at("/progress/ok").asInt()).isEqualTo(6);
        }
    }

    /** What an earlier run has said lasts until the next one has begun. */
    @Test
    void aResumedCrawlWhoseFilesCannotBeOpenedKeepsItsFiguresAndItsReport() throws Exception {
        try (RunningService service = service("")) {
            String crawl = slowCrawl(service);
            service.post(crawl + "/cancel", "{\"mode\": \"now\"}");
            JsonNode before = service.awaitState(crawl, "cancelled");
            String report = service.get(crawl + "/report").text();
            String series = service.get(crawl + "/series").text();
            assertThat(service.get(crawl + "/series").json().get("points")).isNotEmpty();
            Path items = folderOf(crawl).resolve("items.jsonl");
            Files.move(items, folderOf(crawl).resolve("aside"));
            Files.createDirectories(items.resolve("folder"));

            assertThat(service.post(crawl + "/resume", "{}").status()).isEqualTo(202);
            JsonNode failed = service.awaitState(crawl, "failed");
            assertThat(failed.get("failure").stringValue()).contains("items.jsonl");
            assertThat(failed.get("progress")).isEqualTo(before.get("progress"));
            assertThat(service.get(crawl + "/report").text()).isEqualTo(report);
            assertThat(service.get(crawl + "/series").text()).isEqualTo(series);
        }
    }

    private Path folderOf(String crawl) {
        return data.resolve("crawls").resolve(crawl.substring(CRAWLS.length() + 1));
    }

    private List<Path> filesOf(String crawl) throws IOException {
        try (Stream<Path> files = Files.list(folderOf(crawl))) {
            return files.sorted().toList();
        }
    }

    @Test
    void whatAResumedCrawlHadWrittenIsThereWhileItWaitsForItsTurnHereAndInTheNextService() throws Exception {
        String crawl;
        String end;
        try (RunningService service = service("maxConcurrentCrawls: 1\nshutdownGrace: 50ms\n")) {
            crawl = slowCrawl(service);
            service.post(crawl + "/cancel", "{\"mode\": \"now\"}");
            service.awaitState(crawl, "cancelled");
            slowCrawl(service);
            assertThat(service.post(crawl + "/resume", "{}").status()).isEqualTo(202);
            assertThat(service.get(crawl).json().get("state").stringValue()).isEqualTo("queued");
            assertThat(service.get(crawl).json().at("/progress/ok").asInt()).isEqualTo(1);
            Answer pages = service.get(crawl + "/pages");
            assertThat(pages.rows()).hasSize(1);
            end = pages.header("Next-Offset").orElseThrow();
            assertThat(service.get(crawl + "/pages?offset=" + end).status()).isEqualTo(200);
            assertThat(service.get(crawl + "/items").rows()).hasSize(1);
        }
        try (RunningService service = service("maxConcurrentCrawls: 1\n")) {
            assertThat(service.get(crawl + "/pages").rows()).hasSize(1);
            site.release.countDown();
            service.awaitState(crawl, "finished");
            assertThat(service.get(crawl + "/pages?offset=" + end).rows()).hasSize(10);
        }
    }

    @Test
    void stoppingDrainsWhatRunsAndTheNextServiceGoesOn() throws Exception {
        String running;
        String queued;
        try (RunningService service = service("maxConcurrentCrawls: 1\n")) {
            running = slowCrawl(service);
            queued = service.submitted(site.job("/"));
            service.service().stop();
            await().until(() -> service.get(running).json().get("state").stringValue().equals("draining"));
            await().until(() -> service.get(CRAWLS + "?state=draining").json().get("crawls").size() == 1);
            assertThat(service.get(CRAWLS + "?state=running").json().get("crawls")).isEmpty();
            site.release.countDown();
            service.stop();
            assertThat(service.get(queued).json().get("state").stringValue()).isEqualTo("queued");
        }
        try (RunningService service = service("")) {
            service.awaitState(running, "finished");
            service.awaitState(queued, "finished");
            assertThat(service.get(running + "/pages").rows()).hasSize(11);
            assertThat(service.get(CRAWLS).json().get("crawls")).hasSize(2);
        }
    }

    @Test
    void aCancelWhileTheServiceStopsIsAPersonsAndLasts() throws Exception {
        String crawl;
        try (RunningService service = service("")) {
            crawl = slowCrawl(service);
            service.service().stop();
            await().until(() -> service.get(crawl).json().get("state").stringValue().equals("draining"));
            assertThat(service.post(crawl + "/cancel", "{\"mode\": \"now\"}").status()).isEqualTo(202);
            service.stop();
            assertThat(service.get(crawl).json().get("state").stringValue()).isEqualTo("cancelled");
        }
        try (RunningService service = service("")) {
            assertThat(service.get(crawl).json().get("state").stringValue()).isEqualTo("cancelled");
        }
    }

    @Test
    void afterTheGraceWhatRunsIsCancelledAndGoesOnLater() throws Exception {
        String crawl;
        try (RunningService service = service("shutdownGrace: 100ms\n")) {
            crawl = slowCrawl(service);
            long began = System.nanoTime();
            service.stop();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(Duration.ofMillis(100),
                    Duration.ofSeconds(5));
        }
        site.release.countDown();
        try (RunningService service = service("")) {
            service.awaitState(crawl, "finished");
            List<JsonNode> rows = service.get(crawl + "/pages").rows();
            assertThat(urls(rows)).hasSize(11);
            assertThat(rows).hasSize(11);
        }
    }

    /** After a crash they are what is known of it. */
    @Test
    void theFiguresOfACrawlThatRunsAreKept() throws Exception {
        try (RunningService service = service("")) {
            String crawl = slowCrawl(service);
            await().until(() -> keptFigures(crawl).contains("\"ok\":1,"));
        }
    }

    private String keptFigures(String crawl) throws SQLException {
        try (Connection connection = history();
                PreparedStatement query = connection.prepareStatement("SELECT progress FROM crawl WHERE id = ?")) {
            query.setString(1, crawl.substring(CRAWLS.length() + 1));
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Objects.requireNonNullElse(row.getString(1), "") : "";
            }
        }
    }

    @Test
    void withoutResumeOnStartItIsLostWithWhatItHadWrittenAndCanBeResumedByHand() throws Exception {
        String crawl;
        try (RunningService service = service("shutdownGrace: 50ms\n")) {
            crawl = slowCrawl(service);
            service.stop();
        }
        try (RunningService service = service("resumeOnStart: false\n")) {
            JsonNode lost = service.get(crawl).json();
            assertThat(lost.get("state").stringValue()).isEqualTo("lost");
            assertThat(lost.get("failure").stringValue()).contains("resumeOnStart is off");
            assertThat(lost.at("/progress/ok").asInt()).isEqualTo(1);
            assertThat(service.get(crawl + "/pages").rows()).isNotEmpty();
            site.release.countDown();
            assertThat(service.post(crawl + "/resume", "{}").status()).isEqualTo(202);
            service.awaitState(crawl, "finished");
            assertThat(service.get(crawl + "/pages").rows()).hasSize(11);
        }
    }

    /** A crawl that was complete when the history could not be written is not lost. */
    @Test
    void aCrawlThatHadEndedWithoutTheHistoryHasEndedAtTheNextStart() throws Exception {
        String crawl;
        try (RunningService service = service("")) {
            crawl = service.submitted(site.job("/"));
            service.awaitState(crawl, "finished");
        }
        try (Connection connection = history();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE crawl SET state = 'running', finished_at = NULL, finish_reason = NULL")) {
            assertThat(update.executeUpdate()).isOne();
        }
        try (RunningService service = service("")) {
            JsonNode ended = service.get(crawl).json();
            assertThat(ended.get("state").stringValue()).isEqualTo("finished");
            assertThat(ended.get("finishReason").stringValue()).isEqualTo("exhausted");
            assertThat(ended.at("/progress/ok").asInt()).isPositive();
            assertThat(service.get(crawl + "/report").status()).isEqualTo(200);
        }
    }

    private Connection history() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + data.resolve("history.db"));
    }

    @Test
    void aCrawlWhoseJournalIsGoneIsLost() throws Exception {
        String crawl;
        try (RunningService service = service("shutdownGrace: 50ms\n")) {
            crawl = slowCrawl(service);
            service.stop();
        }
        Files.delete(folderOf(crawl).resolve("crawl.journal"));
        Files.createDirectory(data.resolve("crawls").resolve("of-no-crawl"));
        try (RunningService service = service("")) {
            assertThat(service.get(crawl).json().get("state").stringValue()).isEqualTo("lost");
            assertThat(service.post(crawl + "/resume", "{}").status()).isEqualTo(409);
            assertThat(service.delete(crawl).status()).isEqualTo(204);
            assertThat(data.resolve("crawls")).as("folders without a crawl are deleted at the start")
                    .isEmptyDirectory();
        }
    }

    @Test
    void aCrawlThatWouldWriteMoreThanItsQuotaFails() throws Exception {
        try (RunningService service = service("maxBytesPerCrawl: 2KiB\n")) {
            String crawl = service.submitted(site.job("/"));
            JsonNode failed = service.awaitState(crawl, "failed");
            assertThat(failed.get("failure").stringValue()).contains("maxBytesPerCrawl, 2048 bytes");
            assertThat(service.get(crawl + "/pages").body().length + service.get(crawl + "/items").body().length)
                    .isLessThanOrEqualTo(2048);
            assertThat(service.get(crawl + "/report").json().get("finishReason").stringValue()).isEqualTo("failed");
        }
    }

    @Test
    void theOldestFinishedCrawlsAreDeletedWhenTheFilesTakeTooMuch() throws Exception {
        String first;
        String second;
        try (RunningService service = service("")) {
            first = service.submitted(site.job("/"));
            service.awaitState(first, "finished");
            second = service.submitted(site.job("/"));
            service.awaitState(second, "finished");
        }
        long bytes;
        try (var files = Files.walk(data.resolve("crawls"))) {
            bytes = files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        }
        try (RunningService service = service("retention: {maxBytes: " + (bytes - 1) + "}\n")) {
            assertThat(service.get(first).status()).isEqualTo(404);
            assertThat(service.get(second).status()).isEqualTo(200);
        }
        try (RunningService service = service("retention: {maxAge: 1ms}\n")) {
            assertThat(service.get(second).status()).isEqualTo(404);
            assertThat(data.resolve("crawls")).isEmptyDirectory();
        }
    }

    @Test
    void allCrawlsTogetherHaveNoMoreFetchesInFlightThanTheServiceAllows() throws Exception {
        try (RunningService service = service("maxConcurrentCrawls: 3\nconcurrency: 7\n")) {
            for (int i = 0; i < 3; i++) {
                service.awaitState(service.submitted(site.job("/slow/").replace("name: test", "name: t" + i)),
                        "running");
            }
            await().until(() -> site.slowRequests.get() == 7);
            await().during(Duration.ofMillis(300)).until(() -> site.slowRequests.get() == 7);
        }
    }
}
