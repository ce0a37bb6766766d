package fanout.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.journal.Position;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Fetched;
import fanout.outcome.Outcome;
import fanout.page.Attempt;
import fanout.page.Content;
import fanout.page.Request;
import fanout.page.ResponseHead;
import fanout.page.Trail;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PagesFileTest {

    /** Of a page with a content of its own. */
    private static final List<String> OF_JSON = PagesFile.COLUMNS.subList(0, PagesFile.COLUMNS.indexOf("duplicateOf"));

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final OutputFile file = OutputFile.on(Channels.newChannel(bytes));

    @Test
    void aPageIsWrittenWithEveryColumnInOrder() throws IOException {
        writeJson(Outcomes.titled(7, "Say \"hi\""));

        assertThat(Texts.utf8(bytes.toByteArray()))
                .isEqualTo("{\"url\":\"http://127.0.0.1/7\",\"outcome\":\"ok\",\"reason\":null,\"status\":200,"
                        + "\"redirectUrl\":null,\"redirects\":1,\"depth\":1,\"label\":\"page\","
                        + "\"referrer\":\"http://127.0.0.1/0\",\"contentType\":\"text/html\",\"charset\":\"UTF-8\","
                        + "\"bytes\":1000,\"title\":\"Say \\\"hi\\\"\",\"links\":7,\"attempts\":2,\"ip\":\"127.0.0.1\","
                        + "\"etag\":\"\\\"v1\\\"\",\"lastModified\":\"Sun, 01 Mar 2026 11:00:00 GMT\","
                        + "\"contentHash\":\"" + Outcomes.HASH
                        + "\",\"fetchedAt\":\"2026-03-01T12:00:00.000Z\",\"durationMs\":7,"
                        + "\"detail\":null,\"method\":\"GET\",\"bodyHash\":null,\"data\":null}\n");
    }

    @Test
    void aLineSaysWhatWasRequested() throws IOException {
        Map<String, Object> data = Map.of("page", 7);
        Outcome get = Outcomes.skipped(4);
        Outcome post = new Failed(get.request()
                .with(new Request.Details(Request.Method.POST, Map.of("X-A", "b"),
                        Optional.of(new Request.Body("text/plain", "abc")), 0, data)),
                Trail.NONE,
                new Failure.HttpStatus(404));
        Outcome head = new Failed(get.request()
                .with(new Request.Details(Request.Method.HEAD, Map.of(), Optional.empty(), 0, Map.of())),
                Trail.NONE,
                new Failure.HttpStatus(404));
        writeJson(get, head, post);

        List<Map<String, Object>> lines = Texts.jsonLines(bytes.toByteArray());
        assertThat(lines).allSatisfy(line -> assertThat(line.keySet()).containsExactlyElementsOf(OF_JSON));
        assertThat(lines.getFirst()).containsEntry("method", "GET")
                .containsEntry("bodyHash", null)
                .containsEntry("data", null);
        assertThat(lines.get(1)).containsEntry("method", "HEAD")
                .containsEntry("bodyHash", null)
                .containsEntry("data", null);
        assertThat(lines.getLast()).containsEntry("method", "POST")
                .containsEntry("bodyHash", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
                .containsEntry("data", Map.of("page", 7L));

        ByteArrayOutputStream csv = new ByteArrayOutputStream();
        try (PagesFile pages = PagesFile.csv(OutputFile.on(Channels.newChannel(csv)))) {
            pages.write(post);
        }
        assertThat(Texts.csv(csv.toByteArray()).getLast()).hasSameSizeAs(PagesFile.COLUMNS)
                .endsWith("POST", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "{\"page\":7}",
                        null);
    }

    /** As files have it that were begun before lines said what was requested, or what a duplicate is one of. */
    @ParameterizedTest
    @CsvSource({"',', method", "';', method", "',', duplicateOf"})
    void resumedCsvGoesOnWithTheColumnsItHas(char separator, String firstNew, @TempDir Path folder) throws Exception {
        CsvStyle style = new CsvStyle(separator, separator == ';', true);
        Path old = folder.resolve("old.csv");
        Path now = folder.resolve("now.csv");
        Position end = Position.NONE;
        for (int run = 0; run < 2; run++) {
            try (PagesFile pages = PagesFile.csv(OutputFile.resume(now), style)) {
                ((ResumableSink) pages).resumeAt(end);
                pages.write(Outcomes.page(run));
                end = ((ResumableSink) pages).commit();
            }
        }
        List<String> header = PagesFile.COLUMNS.subList(0, PagesFile.COLUMNS.indexOf(firstNew));
        Files.writeString(old, String.join(String.valueOf(separator), header) + "\r\n");
        try (PagesFile pages = PagesFile.csv(OutputFile.resume(old), style)) {
            ((ResumableSink) pages).resumeAt(Position.at(Files.size(old)));
            pages.write(Outcomes.page(1));
        }

        assertThat(Texts.csv(commas(old, separator))).hasSize(2)
                .allSatisfy(record -> assertThat(record).hasSameSizeAs(header));
        assertThat(Texts.csv(commas(now, separator))).hasSize(3)
                .allSatisfy(record -> assertThat(record).hasSameSizeAs(PagesFile.COLUMNS));
    }

    /** A table as with commas; those of its cells are gone. */
    private static byte[] commas(Path file, char separator) throws IOException {
        return Files.readString(file)
                .replace(separator == ',' ? '\0' : ',', ' ')
                .replace(separator, ',')
                .getBytes(UTF_8);
    }

    @Test
    void everyOutcomeHasItsWordsAndAllColumns() throws IOException {
        writeJson(Outcomes.page(1), Outcomes.redirected(2), Outcomes.failed(3), Outcomes.skipped(4),
                Outcomes.cancelled(5));

        List<Map<String, Object>> lines = Texts.jsonLines(bytes.toByteArray());
        assertThat(lines).allSatisfy(line -> assertThat(line.keySet()).containsExactlyElementsOf(OF_JSON));
        assertThat(lines).extracting("outcome").containsExactly("ok", "redirected", "failed", "skipped", "cancelled");
        assertThat(lines).extracting("reason").containsExactly(null, null, "http_status", "robots", "deadline");
        assertThat(lines).extracting("status").containsExactly(200L, 301L, 404L, null, null);
        assertThat(lines).extracting("redirectUrl").containsExactly(null, "http://127.0.0.1/3", null, null, null);
        assertThat(lines).extracting("detail").containsExactly(null, null, "HTTP status 404", null, "in politeness");
    }

    @Test
    void everyTitleComesBackAsItWas() throws IOException {
        Random random = new Random(1);
        List<String> titles = random.ints(2000).mapToObj(_ -> Texts.hard(random)).toList();
        writeJson(titles.stream().map(title -> Outcomes.titled(1, title)).toArray(Outcome[]::new));

        assertThat(Texts.jsonLines(bytes.toByteArray())).extracting("title").containsExactlyElementsOf(titles);
    }

    @Test
    void halfASurrogatePairIsReplacedAndNeverFailsACrawl() throws IOException {
        writeJson(Outcomes.titled(1, "cut \ud83d"), Outcomes.titled(2, "\ude00 off \ud83d\ude00"));

        assertThat(Texts.jsonLines(bytes.toByteArray())).extracting("title")
                .containsExactly("cut \ufffd", "\ufffd off \ud83d\ude00");
    }

    @Test
    void csvHasAHeaderAndTheSameCells() throws IOException {
        try (PagesFile pages = PagesFile.csv(file)) {
            pages.write(Outcomes.titled(7, "a, \"b\"\r\nc"));
            pages.write(Outcomes.skipped(8));
        }

        List<List<String>> records = Texts.csv(bytes.toByteArray());
        assertThat(records).hasSize(3).allSatisfy(record -> assertThat(record).hasSameSizeAs(PagesFile.COLUMNS));
        assertThat(records.get(0)).isEqualTo(PagesFile.COLUMNS);
        assertThat(records.get(1)).startsWith("http://127.0.0.1/7", "ok", null, "200", null, "1", "1")
                .contains("a, \"b\"\r\nc", "\"v1\"")
                .endsWith("2026-03-01T12:00:00.000Z", "7", null, "GET", null, null, null);
        assertThat(records.get(2)).startsWith("http://127.0.0.1/8", "skipped", "robots", null);
    }

    /** No two cells of this page are the same, so each is known by its value. */
    @Test
    void eachValueStandsUnderItsOwnName() throws IOException {
        Request request = new Request(Outcomes.url(1), 2, Optional.of("a label"), Optional.of(Outcomes.url(3)));
        ResponseHead head = new ResponseHead(204, Optional.of("text/x"), Optional.of("a tag"), Optional.of("a date"));
        Trail trail =
                new Trail(5, 6, Optional.of(new Attempt(Outcomes.FETCHED_AT, Duration.ofMillis(7), Optional.empty(),
                        Optional.of(head), Optional.of("127.0.0.8"))));
        Content content =
                new Content(9, Optional.of("a charset"), Optional.of("a hash"), Optional.of("a title"), 10, 11);
        List<Map.Entry<String, String>> expected = List.of(Map.entry("url", "http://127.0.0.1/1"),
                Map.entry("outcome", "ok"),
                Map.entry("reason", ""), Map.entry("status", "204"), Map.entry("redirectUrl", ""),
                Map.entry("redirects", "6"),
                Map.entry("depth", "2"), Map.entry("label", "a label"), Map.entry("referrer", "http://127.0.0.1/3"),
                Map.entry("contentType", "text/x"), Map.entry("charset", "a charset"), Map.entry("bytes", "9"),
                Map.entry("title", "a title"), Map.entry("links", "10"), Map.entry("attempts", "5"),
                Map.entry("ip", "127.0.0.8"), Map.entry("etag", "a tag"), Map.entry("lastModified", "a date"),
                Map.entry("contentHash", "a hash"), Map.entry("fetchedAt", "2026-03-01T12:00:00.000Z"),
                Map.entry("durationMs", "7"), Map.entry("detail", ""), Map.entry("method", "GET"),
                Map.entry("bodyHash", ""), Map.entry("data", ""), Map.entry("duplicateOf", "http://127.0.0.1/4"));

        try (PagesFile pages = PagesFile.csv(file)) {
            pages.write(new Fetched(request, trail, content, List.of()).duplicating(Outcomes.url(4)));
        }
        List<List<String>> records = Texts.csv(bytes.toByteArray());
        assertThat(records.getFirst()).containsExactlyElementsOf(expected.stream().map(Map.Entry::getKey).toList());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(Objects.requireNonNullElse(records.get(1).get(i), "")).as(expected.get(i).getKey())
                    .isEqualTo(expected.get(i).getValue());
        }

        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try (PagesFile pages = PagesFile.jsonLines(OutputFile.on(Channels.newChannel(json)))) {
            pages.write(new Fetched(request, trail, content, List.of()).duplicating(Outcomes.url(4)));
        }
        Map<String, Object> line = Texts.jsonLines(json.toByteArray()).getFirst();
        expected.forEach(cell -> assertThat(Objects.toString(line.get(cell.getKey()), "")).as(cell.getKey())
                .isEqualTo(cell.getValue()));
    }

    private void writeJson(Outcome... outcomes) throws IOException {
        try (PagesFile pages = PagesFile.jsonLines(file)) {
            for (Outcome outcome : outcomes) {
                pages.write(outcome);
            }
        }
    }
}
