package fanout.app.service;

import static fanout.app.service.SlowCrawls.idOf;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.app.Site;
import fanout.app.store.DataCheck;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A crawl that has ended, and whose files a broken disk, a copy or a person has damaged: each request that needs a
 * file says which one is damaged, the check says the same, and everything else is answered as before.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DamagedFilesTest {

    private static final int MANY = 2_000_000;
    private static final int LONG = 100 << 20;

    @TempDir
    private Path folder;

    private Path data;
    private Site site;
    private RunningService service;
    private String crawl;
    private Path files;

    @BeforeEach
    void crawl() throws Exception {
        data = folder.resolve("data");
        site = new Site("Docs");
        service = RunningService.start(data);
        crawl = service.submitted(site.job("/"));
        service.awaitState(crawl, "finished");
        files = data.resolve("crawls").resolve(idOf(crawl));
    }

    @AfterEach
    void close() throws IOException {
        service.close();
        site.close();
    }

    /** What a file is damaged to. */
    @FunctionalInterface
    interface Content {
        void to(Path file) throws IOException;
    }

    /**
     * A damage.
     *
     * @param says what is wrong, after the name of the file
     */
    record Damage(String name, String file, Content content, String says) {
        @Override
        public String toString() {
            return file + ": " + name;
        }
    }

    private static Damage damage(String name, String file, String content, String says) {
        return new Damage(name, file, path -> Files.writeString(path, content, ISO_8859_1), says);
    }

    private static Damage replaced(String name, String file, String part, String by, String says) {
        return new Damage(name, file, path -> {
            String before = Files.readString(path);
            assertThat(before).containsPattern(part);
            Files.writeString(path, before.replaceFirst(part, by));
        }, says);
    }

    private static Damage longer(String file) {
        return new Damage("100 MB", file, path -> {
            try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
                sparse.setLength(LONG);
            }
        }, "is longer than " + (file.equals("job") ? 1 << 20 : 16 << 20) + " bytes");
    }

    static Stream<Damage> wholeFiles() {
        return Stream.of(
                longer("report.json"), longer("series.json"), longer("job"),
                damage("empty", "report.json", "", "is not JSON"),
                damage("cut", "report.json", "{\"job\": \"docs\", \"finishReason\": \"exhau", "is not JSON"),
                damage("two documents", "report.json", "{\"finishReason\": \"exhausted\", \"accounting\": {}} {}",
                        "is not JSON"),
                damage("deep arrays", "report.json", "[".repeat(MANY), "is not a JSON object"),
                damage("deep", "report.json", "{\"follow\": " + "[".repeat(MANY), "is nested deeper than 50"),
                damage("deep objects", "report.json", "{\"x\": ".repeat(MANY), "is nested deeper than 50"),
                damage("no report", "report.json", "{\"x\": 1}", "is damaged: accounting is missing"),
                damage("many small values", "report.json", "{\"finishReason\": \"exhausted\", \"x\": ["
                        + "[],".repeat(MANY) + "[]]}", "is damaged: it has more than 1000000 values"),
                replaced("a text for a number", "report.json", "\"discovered\" : \\d+", "\"discovered\" : \"many\"",
                        "is damaged: discovered is not a number"),
                replaced("a list for an object", "report.json", "\"leakCheck\" : ", "\"leakCheck\" : [], \"x\" : ",
                        "is damaged: leakCheck is not an object"),
                replaced("a number for a text", "report.json", "\"finishReason\" : \"\\w+\"", "\"finishReason\" : 1",
                        "is damaged: finishReason is not a text"),
                replaced("a number for a list", "report.json", "\"fields\" : ", "\"fields\" : 1, \"x\" : ",
                        "is damaged: fields is not a list"),
                damage("no list", "series.json", "{\"x\": 1}", "is not a JSON list"),
                damage("cut", "series.json", "[{\"atMs\": 1,", "is not JSON"),
                damage("deep", "series.json", "[".repeat(MANY), "is damaged: a point is not an object"),
                damage("wrong types", "series.json", "[{\"atMs\": \"x\"}]", "is damaged: atMs is not a number"),
                damage("points that are none", "series.json", "[[1, 2]]", "is damaged: a point is not an object"),
                damage("no YAML", "job", "name: [", "is neither YAML nor JSON"),
                damage("binary", "job", "\0\1\2", "is neither YAML nor JSON"),
                damage("deep", "job", "[".repeat(1 << 20), "is neither YAML nor JSON"),
                damage("deep mappings", "job", "{a: ".repeat(200_000), "is neither YAML nor JSON"));
    }

    /** A request never ends as an error of the service itself. */
    @ParameterizedTest
    @MethodSource("wholeFiles")
    void aDamagedFileIsNamedByItsRequestAndTheCheck(Damage damage) throws Exception {
        damage.content.to(files.resolve(damage.file));
        String what = damage.file.replace(".json", "");

        refuses(what, damage.file + " " + damage.says);
        if (what.equals("report")) {
            refuses("report?format=html", damage.file + " " + damage.says);
        }
        if (what.equals("job")) {
            refuses("items?format=csv", "job " + damage.says);
        }
        othersAreAnswered(what.equals("job") ? List.of("report", "series", "pages", "items", "pages?format=csv")
                : List.of("job", what.equals("report") ? "series" : "report", "pages", "items", "items?format=csv"));
        assertThat(problems()).anyMatch(line -> line.startsWith(damage.file + ": " + damage.says));
    }

    static Stream<Damage> lines() {
        return Stream.of("pages.jsonl", "items.jsonl")
                .flatMap(file -> Stream.of(
                        damaged("binary", file, "\0\1\2\377\n", "that is not a JSON object"),
                        damaged("no object", file, "[1, 2]\n", "that is not a JSON object"),
                        damaged("an empty line", file, "\n", "that is not a JSON object"),
                        damaged("two objects in a line", file, "{} {}\n", "that is not a JSON object"),
                        damaged("half an object", file, "{\"url\": \"http://a/\", \n", "that is not a JSON object"),
                        damaged("deep", file, "{\"url\": " + "[".repeat(MANY) + "\n", "that is not a JSON object"),
                        damaged("a number of millions of digits", file, "{\"status\": " + "7".repeat(MANY) + "}\n",
                                "that is not a JSON object"),
                        damaged("one line of 100 MB", file, "{\"url\": \"" + "x".repeat(LONG) + "\"}\n",
                                "that is longer than")));
    }

    /** In the middle of the file, between lines that are in order. */
    private static Damage damaged(String name, String file, String line, String says) {
        return new Damage(name, file, path -> {
            List<String> before = Files.readAllLines(path);
            try (OutputStream out = Files.newOutputStream(path)) {
                out.write((before.getFirst() + "\n" + line).getBytes(ISO_8859_1));
                out.write((String.join("\n", before.subList(1, before.size())) + "\n").getBytes(ISO_8859_1));
            }
        }, says);
    }

    /** A page of lines ends before a damaged one, so a reader gets what stands above it. */
    @ParameterizedTest
    @MethodSource("lines")
    void aDamagedLineIsNamedWithItsPlace(Damage damage) throws Exception {
        String first = Files.readAllLines(files.resolve(damage.file)).getFirst() + "\n";
        damage.content.to(files.resolve(damage.file));
        String what = damage.file.replace(".jsonl", "");
        String said = damage.file + " has a line at byte " + first.length() + " " + damage.says;

        Answer above = service.get(crawl + "/" + what + "?limit=100");
        assertThat(above.status()).as(above.text()).isEqualTo(200);
        assertThat(above.text()).isEqualTo(first);
        assertThat(above.header("Next-Offset")).contains(String.valueOf(first.length()));
        for (String query : List.of("", "&q=e", "&format=csv")) {
            refuses(what + "?limit=100&offset=" + first.length() + query, said);
        }
        for (String query : List.of("?format=csv", "?q=no+line+has+this")) {
            assertThatThrownBy(() -> service.get(crawl + "/" + what + query)).as("the answer is cut off")
                    .isInstanceOf(IOException.class);
        }
        othersAreAnswered(List.of("job", "report", "series", what.equals("pages") ? "items?limit=5" : "pages?limit=5"));
        assertThat(problems()).anyMatch(line -> line.startsWith(said.replaceFirst(" ", ": ")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pages", "items"})
    void linesThatAreCutOffAreNotHandedOutAsWhole(String what) throws Exception {
        Path path = files.resolve(what + ".jsonl");
        String whole = "{\"url\": \"http://a/\", \"outcome\": \"ok\"}\n";
        Files.writeString(path, whole + "{\"url\": \"htt");
        String behind = "?offset=" + whole.length();
        String said = what + ".jsonl ends in the middle of a line";

        assertThat(service.get(crawl + "/" + what + "?limit=100").rows()).hasSize(1);
        for (String query : List.of("", "?follow=true", behind, behind + "&limit=5", "?format=csv", "?q=a")) {
            refuses(what + query, said);
        }
        assertThat(problems()).anyMatch(line -> line.startsWith(what + ".jsonl: ends in the middle of a line"));
    }

    /** Limits are read when the crawl resumes, and when its items become CSV. */
    @ParameterizedTest
    @ValueSource(strings = {"{", "[1]", "\0\1", ""})
    void limitsThatAreDamagedAreNamed(String content) throws Exception {
        Files.writeString(files.resolve("limits.json"), content);
        refuses("items?format=csv", "limits.json is not ");
        assertThat(service.get(crawl).status()).isEqualTo(200);
        assertThat(problems()).anyMatch(line -> line.startsWith("limits.json: is not "));
    }

    /** As long as a job may be, with as many values as it may have. */
    @Test
    void aJobOfManyValuesIsShownAtOnce() throws Exception {
        String job = "http: {headers: {" + "Cookie: value, ".repeat(60_000) + "}}\n";
        Files.writeString(files.resolve("job"), job);
        Answer shown = service.get(crawl + "/job");
        assertThat(shown.status()).as(shown.text()).isEqualTo(200);
        assertThat(shown.text()).isEqualTo(job.replace("Cookie: value", "Cookie: \"***\""));
    }

    @Test
    void theDashboardSaysWhichFileIsDamaged() throws Exception {
        for (String file : List.of("report.json", "series.json", "job", "pages.jsonl", "items.jsonl")) {
            Files.writeString(files.resolve(file), "[".repeat(1_000) + "\n");
        }
        try (Browser browser = Browser.open(Files.createDirectory(folder.resolve("browser")))) {
            browser.screen(1280, 900, false);
            String place = "http://" + service.host() + "/#/crawls/" + idOf(crawl) + "/";
            browser.visit(place + "overview");
            browser.read(".card", "series.json is damaged: a point is not an object");
            browser.visit(place + "report");
            browser.read(".card", "report.json is not a JSON object");
            browser.visit(place + "job");
            browser.read(".card", "job is neither YAML nor JSON");
            browser.visit(place + "pages");
            browser.read(".empty", "pages.jsonl has a line at byte 0");
            browser.visit(place + "items");
            browser.read(".empty", "items.jsonl has a line at byte 0");
        }
    }

    private void refuses(String what, String says) throws Exception {
        Answer answer = service.get(crawl + "/" + what);
        assertThat(answer.status()).as(what).isEqualTo(503);
        assertThat(answer.header("Content-Type")).contains("application/problem+json");
        assertThat(answer.json().get("detail").stringValue())
                .startsWith("a file of the service cannot be used: " + says)
                .contains("restore it from a backup");
    }

    private void othersAreAnswered(List<String> paths) throws Exception {
        for (String path : paths) {
            assertThat(service.get(crawl + "/" + path).status()).as(path).isEqualTo(200);
        }
        assertThat(service.get(crawl).status()).isEqualTo(200);
        assertThat(service.get("/api/v1/crawls").status()).isEqualTo(200);
        assertThat(service.get("/metrics").status()).isEqualTo(200);
    }

    /** Of this crawl, as {@code file: what}. */
    private List<String> problems() {
        String place = "crawls/" + idOf(crawl) + "/";
        return DataCheck.of(data)
                .problems()
                .stream()
                .filter(problem -> problem.where().startsWith(place))
                .map(problem -> problem.where().substring(place.length()) + ": " + problem.what())
                .toList();
    }
}
