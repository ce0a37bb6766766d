package fanout.app.service;

import static fanout.app.service.RunningService.CRAWLS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * What a start of the service makes of each state in which an earlier process may have left a crawl, and how a held
 * crawl goes on. All begin with a copy of one folder: a crawl that has fetched its start page and had ten in flight
 * when the service was stopped.
 */
class HeldCrawlTest {

    @TempDir
    private static Path stopped;
    private static String crawl = "";
    private static SlowCrawls crawls;

    @TempDir
    private Path data;

    @BeforeAll
    static void stopWithACrawlInFlight() throws Exception {
        crawls = new SlowCrawls(stopped);
        try (RunningService service = crawls.service("shutdownGrace: 10ms\n")) {
            crawl = crawls.begin(service);
            service.stop();
        }
        crawls.release();
    }

    @AfterAll
    static void close() {
        crawls.close();
    }

    private void copy() throws IOException {
        try (Stream<Path> files = Files.walk(stopped)) {
            for (Path file : files.filter(each -> !each.equals(stopped)).toList()) {
                Files.copy(file, data.resolve(stopped.relativize(file)));
            }
        }
    }

    private int history(String assignments) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("history.db"));
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate("UPDATE crawl SET " + assignments);
        }
    }

    private String column(String name) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("history.db"));
                PreparedStatement query = connection.prepareStatement("SELECT " + name + " FROM crawl");
                ResultSet row = query.executeQuery()) {
            return row.next() ? String.valueOf(row.getString(1)) : "no row";
        }
    }

    private RunningService service(String more) throws Exception {
        return RunningService.start(data, more, Optional.empty(), Duration.ofSeconds(20));
    }

    private Path folder() {
        return data.resolve("crawls").resolve(SlowCrawls.idOf(crawl));
    }

    /** The file system and the configuration at the start. */
    private String arrange(String circumstance) throws IOException {
        switch (circumstance) {
            case "no journal" -> Files.delete(folder().resolve("crawl.journal"));
            case "no job" -> Files.delete(folder().resolve("job"));
            case "pages cut" -> Files.write(folder().resolve("pages.jsonl"), new byte[0]);
            case "fewer pages allowed" -> {
                return "limits: {maxPages: 1}\n";
            }
            case "job not valid" -> {
                Files.writeString(folder().resolve("job"), "name: [");
                return "";
            }
            case "resumeOnStart off" -> {
                return "resumeOnStart: false\n";
            }
            case "queue of one" -> {
                return "maxQueuedCrawls: 1\nmaxConcurrentCrawls: 1\n";
            }
            case "-" -> {}
            default -> throw new IllegalArgumentException(circumstance);
        }
        return "";
    }

    /**
     * The state before, whether the stop was orderly, unclean ends before it, whether a person had cancelled it; and
     * after a start.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            running  | stop  | 0 | -      | -                   | finished  | 0 | -
            draining | stop  | 0 | -      | -                   | finished  | 0 | -
            running  | stop  | 1 | -      | -                   | finished  | 0 | -
            running  | crash | 0 | -      | -                   | finished  | 1 | -
            draining | crash | 0 | -      | -                   | finished  | 1 | -
            running  | crash | 1 | -      | -                   | held      | 2 | it was running both times
            draining | crash | 1 | -      | -                   | held      | 2 | it was running both times
            running  | crash | 1 | -      | queue of one        | held      | 2 | continue it, or cancel it
            queued   | crash | 1 | -      | -                   | finished  | 1 | -
            queued   | stop  | 0 | -      | -                   | finished  | 0 | -
            queued   | stop  | 0 | -      | queue of one        | finished  | 0 | -
            held     | stop  | 2 | -      | -                   | held      | 2 | -
            held     | crash | 2 | -      | -                   | held      | 2 | -
            held     | stop  | 2 | -      | resumeOnStart off   | held      | 2 | -
            held     | stop  | 2 | -      | job not valid       | failed    | 2 | not valid any more
            held     | stop  | 2 | -      | no job              | lost      | 2 | its job cannot be read
            draining | stop  | 0 | wanted | -                   | cancelled | 0 | while the crawl was being cancelled
            draining | crash | 1 | wanted | -                   | cancelled | 1 | while the crawl was being cancelled
            running  | stop  | 0 | -      | resumeOnStart off   | lost      | 0 | resumeOnStart is off
            running  | crash | 1 | -      | resumeOnStart off   | lost      | 1 | resumeOnStart is off
            running  | crash | 1 | -      | no journal          | lost      | 1 | there is no journal
            running  | stop  | 0 | -      | no journal          | lost      | 0 | there is no journal
            running  | stop  | 0 | -      | pages cut           | lost      | 0 | pages.jsonl has 0 bytes
            running  | stop  | 0 | -      | no job              | lost      | 0 | its job cannot be read
            running  | crash | 0 | -      | job not valid       | failed    | 1 | not valid any more
            queued   | stop  | 0 | -      | job not valid       | failed    | 0 | not valid any more
            running  | crash | 0 | -      | fewer pages allowed | finished  | 1 | -
            finished | stop  | 1 | -      | -                   | finished  | 1 | -
            lost     | crash | 0 | -      | no journal          | lost      | 0 | -
            """)
    void aStartMakesOfACrawl(String before, String end, int uncleanEnds, String cancel, String circumstance,
            String after, int uncleanEndsAfter, String said) throws Exception {
        copy();
        boolean hadEnded = before.equals("finished") || before.equals("lost");
        assertThat(history("state = '" + before + "', suspended = " + (end.equals("stop") ? 1 : 0) + ", unclean_ends = "
                + uncleanEnds + ", end_wanted = " + (cancel.equals("wanted") ? 1 : 0)
                + (before.equals("held") ? ", hold = 'for a reason'" : "")
                + (hadEnded ? ", finished_at = " + System.currentTimeMillis() : ""))).isOne();
        try (RunningService service = service(arrange(circumstance))) {
            JsonNode seen = service.awaitState(crawl, after);
            assertThat(column("unclean_ends")).isEqualTo(String.valueOf(uncleanEndsAfter));
            if (!said.equals("-")) {
                assertThat(seen.get("problems").toString()).contains(said);
            }
            if (after.equals("finished") && !hadEnded && !circumstance.equals("fewer pages allowed")) {
                List<JsonNode> rows = service.get(crawl + "/pages").rows();
                assertThat(rows).hasSize(11);
                assertThat(SlowCrawls.urls(rows)).hasSize(11);
            }
            if (!after.equals("held")) {
                assertThat(column("hold")).isEqualTo("null");
            }
        }
    }

    private RunningService withHeldCrawl(String more) throws Exception {
        copy();
        history("suspended = 0, unclean_ends = 1");
        RunningService service = service(more);
        service.awaitState(crawl, "held");
        return service;
    }

    @Test
    void aHeldCrawlIsShownAndContinuesWhenAPersonSaysSo() throws Exception {
        try (RunningService service = withHeldCrawl("")) {
            assertThat(service.get(CRAWLS + "?state=held").json().get("crawls")).hasSize(1);
            assertThat(service.get("/metrics").text()).contains("scraper_crawls{state=\"held\"} 1");
            assertThat(service.get(crawl).json().at("/progress/ok").asInt()).as("what was known stays").isEqualTo(1);
            assertThat(service.get(crawl + "/pages").rows()).hasSize(1);
            assertThat(service.delete(crawl).status()).as("it has not ended").isEqualTo(409);
            assertThat(service.post(crawl + "/resume", "{}").status()).as("it has not ended").isEqualTo(409);

            Answer continued = service.post(crawl + "/continue", "{}");
            assertThat(continued.status()).as(continued.text()).isEqualTo(202);
            assertThat(continued.json().get("problems")).isEmpty();
            service.awaitState(crawl, "finished");
            assertThat(SlowCrawls.urls(service.get(crawl + "/pages").rows())).hasSize(11);
            assertThat(service.get(crawl + "/pages").rows()).hasSize(11);
            assertThat(service.get("/metrics").text()).contains("scraper_crawls{state=\"held\"} 0");
            assertThat(service.post(crawl + "/continue", "{}").text()).contains("it is not held: it is finished");
            assertThat(service.post(crawl + "/continue", "{}").status()).isEqualTo(409);
            assertThat(service.post(CRAWLS + "/00000000000000000/continue", "{}").status()).isEqualTo(404);
        }
    }

    @Test
    void aHeldCrawlIsCancelledAndCanBeResumedThen() throws Exception {
        try (RunningService service = withHeldCrawl("")) {
            Answer cancelled = service.post(crawl + "/cancel", "{}");
            assertThat(cancelled.status()).isEqualTo(202);
            assertThat(cancelled.json().get("state").stringValue()).isEqualTo("cancelled");
            JsonNode ended = service.awaitState(crawl, "cancelled");
            assertThat(ended.get("problems")).isEmpty();
            assertThat(service.post(crawl + "/continue", "{}").status()).isEqualTo(409);
            assertThat(service.post(crawl + "/resume", "{}").status()).isEqualTo(202);
            service.awaitState(crawl, "finished");
            assertThat(column("unclean_ends")).as("a person has decided").isEqualTo("0");
            assertThat(service.get(crawl + "/pages").rows()).hasSize(11);
        }
    }

    @Test
    void aHeldCrawlStaysHeldWhileTheQueueIsFull() throws Exception {
        try (SlowCrawls others = new SlowCrawls(data);
                RunningService service = withHeldCrawl("maxQueuedCrawls: 1\nmaxConcurrentCrawls: 1\n")) {
            others.begin(service);
            String waiting = service.submitted(others.site().job("/"));
            assertThat(service.post(crawl + "/continue", "{}").status()).isEqualTo(429);
            assertThat(service.get(crawl).json().get("state").stringValue()).isEqualTo("held");
            others.release();
            service.awaitState(waiting, "finished");
            assertThat(service.post(crawl + "/continue", "{}").status()).isEqualTo(202);
            service.awaitState(crawl, "finished");
        }
    }

    /** Else two crashes months apart would hold a crawl. */
    @Test
    void anOrderlyStopForgetsAnUncleanEndOfACrawlThatWaits() throws Exception {
        try (SlowCrawls slow = new SlowCrawls(data)) {
            try (RunningService service = slow.service("shutdownGrace: 10ms\n")) {
                slow.begin(service);
                slow.begin(service);
                service.stop();
            }
            history("state = 'queued', suspended = 0, unclean_ends = 1");
            try (RunningService service = slow.service("maxConcurrentCrawls: 1\n")) {
                await().until(() -> column("sum(state = 'running')").equals("1")); // and the other waits
                service.service().stopNow();
                await().until(() -> service.get("/health/ready").status() == 503);
            }
        }
        assertThat(column("count(*)")).isEqualTo("2");
        assertThat(column("sum(unclean_ends)")).isEqualTo("0");
    }
}
