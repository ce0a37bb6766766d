package fanout.app.service;

import static fanout.app.service.RunningService.CRAWLS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What becomes of crawls when the service stops, what is kept for that, and what the next one makes of it. */
class RestartTest extends SlowCrawlsFixture {

    @Test
    void stoppingDrainsWhatRunsAndTheNextServiceGoesOn() throws Exception {
        String running;
        String queued;
        try (RunningService service = crawls.service("maxConcurrentCrawls: 1\n")) {
            running = crawls.begin(service);
            queued = service.submitted(crawls.site().job("/"));
            service.service().stop();
            await().until(() -> service.get(running).json().get("state").stringValue().equals("draining"));
            await().until(() -> service.get(CRAWLS + "?state=draining").json().get("crawls").size() == 1);
            assertThat(service.get(CRAWLS + "?state=running").json().get("crawls")).isEmpty();
            crawls.release();
            service.stop();
            assertThat(service.get(queued).json().get("state").stringValue()).isEqualTo("queued");
        }
        try (RunningService service = crawls.service("")) {
            service.awaitState(running, "finished");
            service.awaitState(queued, "finished");
            assertThat(service.get(running + "/pages").rows()).hasSize(11);
            assertThat(service.get(CRAWLS).json().get("crawls")).hasSize(2);
        }
    }

    @Test
    void aCancelWhileTheServiceStopsIsAPersonsAndLasts() throws Exception {
        String crawl;
        try (RunningService service = crawls.service("")) {
            crawl = crawls.begin(service);
            service.service().stop();
            await().until(() -> service.get(crawl).json().get("state").stringValue().equals("draining"));
            assertThat(service.post(crawl + "/cancel", "{\"mode\": \"now\"}").status()).isEqualTo(202);
            service.stop();
            assertThat(service.get(crawl).json().get("state").stringValue()).isEqualTo("cancelled");
        }
        try (RunningService service = crawls.service("")) {
            assertThat(service.get(crawl).json().get("state").stringValue()).isEqualTo("cancelled");
        }
    }

    @Test
    void afterTheGraceWhatRunsIsCancelledAndGoesOnLater() throws Exception {
        String crawl;
        try (RunningService service = crawls.service("shutdownGrace: 100ms\n")) {
            crawl = crawls.begin(service);
            long began = System.nanoTime();
            service.stop();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(Duration.ofMillis(100),
                    Duration.ofSeconds(5));
        }
        crawls.release();
        try (RunningService service = crawls.service("")) {
            service.awaitState(crawl, "finished");
            List<JsonNode> rows = service.get(crawl + "/pages").rows();
            assertThat(SlowCrawls.urls(rows)).hasSize(11);
            assertThat(rows).hasSize(11);
        }
    }

    /** After a crash they are what is known of it. */
    @Test
    void theFiguresOfACrawlThatRunsAreKept() throws Exception {
        try (RunningService service = crawls.service("")) {
            String crawl = crawls.begin(service);
            await().until(() -> keptFigures(crawl).contains("\"ok\":1,"));
        }
    }

    @Test
    void withoutResumeOnStartALostCrawlCanBeResumedByHand() throws Exception {
        String crawl;
        try (RunningService service = crawls.service("shutdownGrace: 50ms\n")) {
            crawl = crawls.begin(service);
            service.stop();
        }
        try (RunningService service = crawls.service("resumeOnStart: false\n")) {
            JsonNode lost = service.get(crawl).json();
            assertThat(lost.get("state").stringValue()).isEqualTo("lost");
            assertThat(lost.get("failure").stringValue()).contains("resumeOnStart is off");
            assertThat(lost.at("/progress/ok").asInt()).isEqualTo(1);
            assertThat(service.get(crawl + "/pages").rows()).isNotEmpty();
            crawls.release();
            assertThat(service.post(crawl + "/resume", "{}").status()).isEqualTo(202);
            service.awaitState(crawl, "finished");
            assertThat(service.get(crawl + "/pages").rows()).hasSize(11);
        }
    }

    /** A crawl that was complete when the history could not be written is not lost. */
    @Test
    void aCrawlThatHadEndedWithoutTheHistoryHasEndedAtTheNextStart() throws Exception {
        String crawl;
        try (RunningService service = crawls.service("")) {
            crawl = service.submitted(crawls.site().job("/"));
            service.awaitState(crawl, "finished");
        }
        try (Connection connection = history();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE crawl SET state = 'running', finished_at = NULL, finish_reason = NULL")) {
            assertThat(update.executeUpdate()).isOne();
        }
        try (RunningService service = crawls.service("")) {
            JsonNode ended = service.get(crawl).json();
            assertThat(ended.get("state").stringValue()).isEqualTo("finished");
            assertThat(ended.get("finishReason").stringValue()).isEqualTo("exhausted");
            assertThat(ended.at("/progress/ok").asInt()).isPositive();
            assertThat(service.get(crawl + "/report").status()).isEqualTo(200);
        }
    }

    @Test
    void aCrawlWhoseJournalIsGoneIsLost() throws Exception {
        String crawl;
        try (RunningService service = crawls.service("shutdownGrace: 50ms\n")) {
            crawl = crawls.begin(service);
            service.stop();
        }
        Files.delete(crawls.folderOf(crawl).resolve("crawl.journal"));
        Files.createDirectory(data.resolve("crawls").resolve("of-no-crawl"));
        try (RunningService service = crawls.service("")) {
            assertThat(service.get(crawl).json().get("state").stringValue()).isEqualTo("lost");
            assertThat(service.post(crawl + "/resume", "{}").status()).isEqualTo(409);
            assertThat(service.delete(crawl).status()).isEqualTo(204);
            assertThat(data.resolve("crawls")).isDirectoryContaining("glob:**/of-no-crawl");
        }
    }

    @Test
    void aServiceThatMayKeepLessDeletesTheOldestCrawlsAtItsStart() throws Exception {
        String first;
        String second;
        try (RunningService service = crawls.service("")) {
            first = service.submitted(crawls.site().job("/"));
            service.awaitState(first, "finished");
            second = service.submitted(crawls.site().job("/"));
            service.awaitState(second, "finished");
        }
        long bytes;
        try (var files = Files.walk(data.resolve("crawls"))) {
            bytes = files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        }
        try (RunningService service = crawls.service("retention: {maxBytes: " + (bytes - 1) + "}\n")) {
            assertThat(service.get(first).status()).isEqualTo(404);
            assertThat(service.get(second).status()).isEqualTo(200);
        }
        try (RunningService service = crawls.service("retention: {maxAge: 1ms}\n")) {
            assertThat(service.get(second).status()).isEqualTo(404);
            assertThat(data.resolve("crawls")).isEmptyDirectory();
        }
    }

    private String keptFigures(String crawl) throws SQLException {
        try (Connection connection = history();
                PreparedStatement query = connection.prepareStatement("SELECT progress FROM crawl WHERE id = ?")) {
            query.setString(1, SlowCrawls.idOf(crawl));
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Objects.requireNonNullElse(row.getString(1), "") : "";
            }
        }
    }

    private Connection history() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + data.resolve("history.db"));
    }
}
