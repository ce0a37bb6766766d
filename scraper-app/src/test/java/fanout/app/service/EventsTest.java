package fanout.app.service;

import static fanout.app.service.RunningService.CRAWLS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events and lines that are followed while the crawl runs. */
class EventsTest extends ServiceFixture {

    private Socket follow(String path, String... headers) throws Exception {
        return service.connect("GET " + path + " HTTP/1.1\r\nHost: " + service.host() + "\r\n"
                + String.join("", headers) + "\r\n");
    }

    /** Reads chunks until a text has come. */
    private static String readUntil(InputStream in, String wanted) throws Exception {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(wanted) < 0) {
            byte[] chunk = Answer.chunk(in);
            assertThat(chunk).as("a chunk, with %s still to come after %s", wanted, read).isNotEmpty();
            read.append(new String(chunk, UTF_8));
        }
        return read.toString();
    }

    private static List<String> kinds(String events) {
        List<String> kinds = new ArrayList<>();
        events.lines().filter(line -> line.startsWith("event: ")).forEach(line -> kinds.add(line.substring(7)));
        return kinds;
    }

    @Test
    void aReaderSeesStatesAndProgressAndTheEnd() throws Exception {
        String crawl = service.submitted(site.job("/slow/"));
        service.awaitState(crawl, "running");
        try (Socket reader = follow(crawl + "/events")) {
            InputStream in = RunningService.body(reader);
            String running = readUntil(in, "event: progress");
            assertThat(running).contains("\"state\":\"running\"");
            site.release.countDown();
            String rest = readUntil(in, "\"state\":\"finished\"");
            assertThat(kinds(running + rest)).startsWith("state").endsWith("state").contains("progress");
            assertThat(Answer.chunk(in)).as("the stream ends with the crawl").isEmpty();
        }
    }

    private String lastIdBeforeItIsCancelled(String crawl) throws Exception {
        String id;
        try (Socket reader = follow(crawl + "/events")) {
            id = lastId(readUntil(RunningService.body(reader), "event: progress"));
        }
        service.post(crawl + "/cancel", "{\"mode\": \"now\"}");
        service.awaitState(crawl, "cancelled");
        return id;
    }

    @Test
    void aReaderThatComesBackMissesNothingAndGetsNothingTwice() throws Exception {
        String crawl = service.submitted(site.job("/slow/"));
        String id = lastIdBeforeItIsCancelled(crawl);
        Answer rest = service.get(crawl + "/events", "Last-Event-ID: " + id);
        assertThat(rest.text()).contains("\"state\":\"cancelled\"").doesNotContain("\"state\":\"running\"");
        assertThat(rest.text()).doesNotContain("id: " + id + "\n");
    }

    @Test
    void aReaderThatComesBackWhileItRunsGetsOnlyTheNews() throws Exception {
        String crawl = service.submitted(site.job("/slow/"));
        String id;
        try (Socket reader = follow(crawl + "/events")) {
            id = lastId(readUntil(RunningService.body(reader), "event: progress"));
        }
        String run = id.substring(0, id.lastIndexOf('-') + 1);
        try (Socket reader = follow(crawl + "/events", "Last-Event-ID: " + id + "\r\n")) {
            InputStream in = RunningService.body(reader);
            site.release.countDown();
            String news = readUntil(in, "\"state\":\"finished\"");
            long next = Long.parseLong(id.substring(run.length())) + 1;
            assertThat(news).startsWith("retry: 2000\n\nid: " + run + next + "\n")
                    .doesNotContain("\"state\":\"running\"");
        }
    }

    private static String lastId(String events) {
        return events.lines().filter(line -> line.startsWith("id: ")).toList().getLast().substring(4);
    }

    /** Numbers of events are those of a run. */
    @Test
    void aReaderThatComesBackToALaterRunGetsWhereThatStands() throws Exception {
        String crawl = service.submitted(site.job("/slow/"));
        String id = lastIdBeforeItIsCancelled(crawl);
        assertThat(service.post(crawl + "/resume", "{}").status()).isEqualTo(202);
        service.awaitState(crawl, "running");
        String late = id.substring(0, id.lastIndexOf('-')) + "-1000000";
        for (String last : List.of(id, late)) {
            try (Socket reader = follow(crawl + "/events", "Last-Event-ID: " + last + "\r\n")) {
                assertThat(readUntil(RunningService.body(reader), "event: state"))
                        .contains("\"state\":\"running\"")
                        .doesNotContain("id: " + id + "\n");
            }
        }
    }

    @Test
    void theEventsOfACrawlThatHasEndedAreItsState() throws Exception {
        String crawl = service.submitted(site.job("/"));
        service.awaitState(crawl, "finished");
        assertThat(service.get(crawl + "/events").text()).contains("id: end\nevent: state\n", "\"state\":\"finished\"");
        assertThat(service.get(crawl + "/events", "Last-Event-ID: end").status()).isEqualTo(204);
        assertThat(service.get(crawl + "/events", "Last-Event-ID: \u0000\"x").status()).isIn(200, 400);
    }

    @Test
    void followedLinesComeWhileTheCrawlWritesAndEndWithIt() throws Exception {
        String crawl = service.submitted(site.job("/slow/"));
        try (Socket reader = follow(crawl + "/pages?follow=true")) {
            InputStream in = RunningService.body(reader);
            String first = readUntil(in, "\n");
            assertThat(first).contains("/slow/\"");
            site.release.countDown();
            String all = first + readUntil(in, "/slow/10.html\"");
            service.awaitState(crawl, "finished");
            StringBuilder rest = new StringBuilder(all);
            for (byte[] chunk = Answer.chunk(in); chunk.length > 0; chunk = Answer.chunk(in)) {
                rest.append(new String(chunk, UTF_8));
            }
            assertThat(rest.toString()).isEqualTo(service.get(crawl + "/pages").text()).hasLineCount(11);
        }
    }

    @Test
    void aQueuedCrawlCanBeFollowedBeforeItHasAFile() throws Exception {
        for (int i = 0; i < 4; i++) {
            service.awaitState(service.submitted(site.job("/slow/")), "running");
        }
        String queued = service.submitted(site.job("/"));
        assertThat(service.get(queued).json().get("state").stringValue()).isEqualTo("queued");
        assertThat(service.get(queued + "/pages").text()).isEmpty();
        Answer none = service.get(queued + "/pages?outcome=ok&limit=5");
        assertThat(none.status()).isEqualTo(200);
        assertThat(none.body()).isEmpty();
        assertThat(none.header("Next-Offset")).contains("0");
        assertThat(none.header("End-Offset")).contains("0");
        assertThat(service.get(queued + "/items?format=csv").text()).isEqualTo("_url,_rule,head\r\n");
        try (Socket reader = follow(queued + "/pages?follow=true")) {
            InputStream in = RunningService.body(reader);
            site.release.countDown();
            assertThat(readUntil(in, "\n")).startsWith("{\"url\":");
        }
    }

    @Test
    void readersAreBounded() throws Exception {
        String crawl = service.submitted(site.job("/slow/"));
        service.awaitState(crawl, "running");
        try (Socket one = follow(crawl + "/events");
                Socket two = follow(crawl + "/events");
                Socket three = follow(crawl + "/pages?follow=true")) {
            for (Socket reader : List.of(one, two, three)) {
                RunningService.body(reader);
            }
            Answer fourth = service.get(crawl + "/events");
            assertThat(fourth.status()).isEqualTo(429);
            assertThat(fourth.header("Retry-After")).isPresent();
            assertThat(service.get("/metrics").text()).contains("scraper_event_streams 3.0");
        }
        assertThat(service.get(CRAWLS).status()).isEqualTo(200);
    }
}
