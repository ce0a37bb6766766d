package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import fanout.app.reportpage.ReportPage;
import fanout.app.reportpage.RunFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code scraper report} shows of a run's outputs, and what it says of those that it cannot read. */
@Timeout(60)
class ReportCommandTest {

    private static final String SITE = "http://www.example.org";
    private static final String EVIL =
            "</script><script>alert(1)</script><img src=x onerror=alert(2)>\" onclick='x' \u202e";

    @TempDir
    private Path folder;

    private static String ok(String path, String title, String hash) {
        return """
                {"url":"%s%s","outcome":"ok","reason":null,"status":200,"depth":1,"contentType":"text/html; charset=x",\
                "bytes":100,"title":"%s","contentHash":"%s","durationMs":7,"unknown":{"a":[1,{"b":2}]}}"""
                .formatted(SITE, path, title, hash);
    }

    private static String failed(String path, int status) {
        return """
                {"url":"%s%s","outcome":"failed","reason":"http_status","status":%d,"depth":2,"referrer":"%s/a.html",\
                "detail":"HTTP status %d"}""".formatted(SITE, path, status, SITE, status);
    }

    private static String redirect(String from, String to) {
        return """
                {"url":"%s%s","outcome":"redirected","status":301,"redirectUrl":"%s%s","depth":1}"""
                .formatted(SITE, from, SITE, to);
    }

    private static String link(String from, String to, String text) {
        return """
                {"from":"%s%s","to":"%s%s","text":"%s","rel":null,"nofollow":false,"inScope":true}"""
                .formatted(SITE, from, SITE, to, text);
    }

    private void write(String name, String... lines) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, String.join("\n", lines) + "\n");
    }

    private CommandRun run(int expected, String... options) {
        CommandRun command = new CommandRun(folder);
        String[] words = new String[options.length + 2];
        words[0] = "report";
        words[1] = folder.toString();
        System.arraycopy(options, 0, words, 2, options.length);
        assertThat(command.run(words)).as(command.err()).isEqualTo(expected);
        return command;
    }

    private Document page(String... options) throws IOException {
        run(0, options);
        return Jsoup.parse(Files.readString(folder.resolve("report.html")));
    }

    private static List<String> row(Document page, String part, int row) {
        return page.select("#" + part + " tbody tr").get(row).select("> td").eachText();
    }

    @Test
    void pageOfTheDemosCrawlShowsItsDeadLinks() throws IOException {
        assertThat(new CommandRun(folder).run("demo", "--progress", "none", "--output", folder.toString())).isZero();

        Document page = page();

        assertThat(page.select("h1").text()).isEqualTo("Crawl report: demo");
        assertThat(page.select("#broken tbody tr")).hasSize(2).allMatch(row -> row.text().contains("404"));
        assertThat(page.select("#broken").text()).contains("/help/fax.html", "Only the first page");
        assertThat(page.select("#redirects").text()).contains("/special-offers", "/offers.html");
        assertThat(page.select("#items").text()).contains("products", "price", "100 %");
        assertThat(page.select("#findings").text()).contains("2 URLs are broken.");
    }

    @Test
    void everyPageWithABrokenLinkIsNamedWithItsWords() throws IOException {
        write("pages.jsonl", ok("/a.html", "A", "1"), ok("/b.html", "B", "2"), failed("/dead", 404),
                redirect("/old", "/dead"), failed("/alone", 500));
        write("links.jsonl", link("/a.html", "/dead", "menu"), link("/a.html", "/dead", "foot"),
                link("/b.html", "/old", "older"), link("/b.html", "/a.html", "fine"));

        Document page = page();

        assertThat(row(page, "broken", 0)).startsWith("404", SITE + "/dead", "2");
        assertThat(page.select("#broken tbody tr").first().select("li").eachText()).containsExactly(
                SITE + "/a.html menu", SITE + "/a.html foot", SITE + "/b.html older through " + SITE + "/old");
        assertThat(row(page, "broken", 1)).startsWith("500", SITE + "/alone", "0");
    }

    @Test
    void chainsOfRedirectsShowEveryHopAndTheirEnd() throws IOException {
        write("pages.jsonl", ok("/end", "A", "1"), redirect("/1", "/2"), redirect("/2", "/end"),
                redirect("/x", "/gone"), failed("/gone", 410), redirect("/l1", "/l2"), redirect("/l2", "/l1"),
                redirect("/out", "/elsewhere"));

        Document page = page();

        assertThat(page.select("#redirects tbody tr")).hasSize(4);
        assertThat(row(page, "redirects", 0)).startsWith("in a circle", "2");
        assertThat(row(page, "redirects", 1)).startsWith("410", "1");
        assertThat(row(page, "redirects", 2))
                .containsExactly("200", "2", "%1$s/1 301 %1$s/2 301 %1$s/end".formatted(SITE));
        assertThat(row(page, "redirects", 3)).containsExactly("outside", "1",
                "%1$s/out 301 %1$s/elsewhere".formatted(SITE));
    }

    @Test
    void pagesWithTheSameTitleOrContentStandTogether() throws IOException {
        write("pages.jsonl", ok("/a", "Same", "11"), ok("/b", "Same", "22"), ok("/c", "Other", "22"),
                ok("/d", "", "44"));

        Document page = page();

        assertThat(row(page, "titles", 0)).containsExactly("Same", "2", SITE + "/a " + SITE + "/b");
        assertThat(row(page, "contents", 0)).containsExactly("Same", "2", SITE + "/b " + SITE + "/c");
        assertThat(page.select("#untitled").text()).contains(SITE + "/d").doesNotContain(SITE + "/a");
    }

    @Test
    void whatHasChangedSinceTheRunBeforeIsSaid() throws IOException {
        write("report.json", "{\"job\": \"x\", \"finishReason\": \"exhausted\"}");
        write("pages.jsonl", ok("/same", "A", "1"), ok("/new", "B", "2"), ok("/edited", "C", "4"), failed("/bad", 500),
                ok("/good", "D", "5"));
        write("items.jsonl", "{\"_url\":\"u\",\"_rule\":\"r\",\"price\":null}");
        write("previous/20261130T000000Z/pages.jsonl", ok("/older", "A", "1"));
        write("previous/20261201T000000Z-9/pages.jsonl", ok("/older", "A", "1"));
        write("previous/20261201T000000Z-10/pages.jsonl", ok("/same", "A", "1"), ok("/edited", "C", "3"),
                ok("/bad", "E", "6"), failed("/good", 404), ok("/gone", "F", "7"));
        write("previous/20261201T000000Z-10/items.jsonl", "{\"_url\":\"u\",\"_rule\":\"r\",\"price\":1.5}");

        Document page = page();

        List<String> changes = page.select("#changes table").last().select("tbody tr").eachText();
        assertThat(changes).extracting(text -> text.replace(SITE, ""))
                .containsExactly("fails now /bad 200 500",
                        "not found any more /gone F 200", "works again /good D 404 200", "new /new B 200",
                        "content changed /edited C 200 200");
        assertThat(page.select("#findings li.bad").eachText()).contains("r.price is empty in every item, and was "
                + "filled more often in the run before.");
    }

    /** What is damaged in it must not hide the page of a run that is sound. */
    @ParameterizedTest
    @CsvSource({"pages.jsonl, {}, has no pages of a crawl", "pages.jsonl, no, is not a JSON object",
        "items.jsonl, no, is not a JSON object", "report.json, no, is not the report of a crawl"})
    void runBeforeThatCannotBeReadIsLeftOut(String file, String content, String why) throws IOException {
        write("pages.jsonl", ok("/a", "A", "1"));
        write("previous/20261201T000000Z/pages.jsonl", ok("/b", "B", "2"));
        write("previous/20261201T000000Z/" + file, content);

        Document page = page();

        assertThat(page.select("#changes")).isEmpty();
        assertThat(page.text()).contains("This run is not compared with the one before, which cannot be read: ", why);
    }

    @Test
    void hostileTextsStayText() throws IOException {
        String evil = EVIL.replace("\"", "\\\"");
        write("report.json", "{\"job\": \"" + evil + "\", \"failure\": \"" + evil + "\"}");
        write("pages.jsonl", ok("/a", evil, "1"), ok("/b", evil, "1"), failed("/" + evil, 404),
                ok("/x", "x", "2").replace(SITE + "/x", "javascript:alert(3)"),
                redirect("/r", "/s").replace(SITE + "/s", "data:text/html,<script>alert(4)</script>"),
                ok("/t", "t", "3").replace("text/html; charset=x", evil));
        write("links.jsonl", link("/a", "/" + evil, evil).replace(SITE + "/a", "JavaScript:alert(5)"));
        write("items.jsonl", "{\"_url\":\"javascript:alert(6)\",\"_rule\":\"" + evil + "\",\"" + evil + "\":null}");

        Document page = page();

        assertThat(page.select("script")).hasSize(1);
        assertThat(page.select("img, iframe, object, form, base, [style]")).isEmpty();
        assertThat(page.select("*")).allSatisfy(element -> assertThat(element.attributes().asList())
                .noneMatch(attribute -> attribute.getKey().startsWith("on")));
        assertThat(page.select("a").eachAttr("href")).allMatch(href -> href.startsWith("#") || href.startsWith("http"));
        assertThat(page.text()).contains("<script>alert(1)</script>").doesNotContain("\u202e");
    }

    @Test
    void policyAllowsThisStyleAndThisScriptAlone() throws Exception {
        write("pages.jsonl", ok("/a", "A", "1"));

        Document page = page();

        String policy = page.select("meta[http-equiv=Content-Security-Policy]").attr("content");
        assertThat(policy).isEqualTo("default-src 'none'; style-src 'sha256-" + digest(page.select("style").first())
                + "'; script-src 'sha256-" + digest(page.select("script").first())
                + "'; base-uri 'none'; form-action 'none'");
        assertThat(page.select("link, [src]")).as("what asks the net").isEmpty();
    }

    private static String digest(Element element) throws Exception {
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(element.data().getBytes(UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pages.jsonl.gz", "pages.csv", "pages.csv.gz", "pages.csv.zst"})
    void otherFormatsGiveTheSamePage(String name) throws IOException {
        String csv = """
                \ufeffurl;outcome;status;redirectUrl;depth;contentType;bytes;title;contentHash;durationMs\r
                %1$s/a;ok;200;;1;text/html;5;"Semi; ""quoted""
                title";11;3\r
                %1$s/b;ok;200;;1;text/html;5;"Semi; ""quoted""
                title";22;3\r
                %1$s/r;redirected;301;%1$s/a;1;;;"";;\r
                """.formatted(SITE);
        String lines = List.of(ok("/a", "Semi; \\\"quoted\\\"\\ntitle", "11"), ok("/b", "Semi; \\\"quoted\\\"\\ntitle",
                "22"), redirect("/r", "/a")).stream().reduce("", (all, line) -> all + line + "\n");
        byte[] content = (name.contains("csv") ? csv : lines).getBytes(UTF_8);
        try (OutputStream file = Files.newOutputStream(folder.resolve(name));
                OutputStream out = compressed(name, file)) {
            out.write(content);
        }

        Document page = page();

        assertThat(row(page, "titles", 0)).startsWith("Semi; \"quoted\" title", "2");
        assertThat(row(page, "redirects", 0)).startsWith("200", "1");
        assertThat(page.select(".tile").eachText()).contains("2 pages", "1 redirects");
    }

    private static OutputStream compressed(String name, OutputStream file) throws IOException {
        return name.endsWith(".gz") ? new GZIPOutputStream(file)
                : name.endsWith(".zst") ? new ZstdOutputStreamNoFinalizer(file) : file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"pages.jsonl", "pages.csv", "pages.jsonl.gz"})
    void lastLineWithoutItsEndIsLeftOutAndSaid(String name) throws IOException {
        String text = name.endsWith("csv") ? "url,outcome\r\n" + SITE + "/a,ok\r\n" + SITE + "/b,o"
                : ok("/a", "A", "1") + "\n" + ok("/b", "B", "2").substring(0, 50);
        if (name.endsWith(".gz")) {
            Path whole = folder.resolve("whole");
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(whole), true)) {
                out.write(text.getBytes(UTF_8));
            }
            byte[] bytes = Files.readAllBytes(whole);
            Files.write(folder.resolve(name), Arrays.copyOf(bytes, bytes.length - 12));
        } else {
            Files.writeString(folder.resolve(name), text);
        }

        CommandRun command = run(0);

        assertThat(command.err()).contains("The last line of " + folder.resolve(name) + " has no end and is left out",
                "There is no report.json");
        assertThat(command.out()).startsWith(folder.resolve("report.html") + ": 1 page, 0 broken URLs");
    }

    /** The library reads a later frame that does not end as the end of the file, and says nothing. */
    @Test
    void firstFrameWithoutItsEndIsLeftOutAndSaid() throws IOException {
        Path pages = folder.resolve("pages.jsonl.zst");
        try (OutputStream out = compressed("pages.jsonl.zst", Files.newOutputStream(pages))) {
            out.write(ok("/a", "A", "1").getBytes(UTF_8));
        }
        byte[] bytes = Files.readAllBytes(pages);
        Files.write(pages, Arrays.copyOf(bytes, bytes.length - 12));

        CommandRun command = run(0);

        assertThat(command.err()).contains("The last line of " + pages + " has no end and is left out");
        assertThat(command.out()).startsWith(folder.resolve("report.html") + ": 0 pages, 0 broken URLs");
    }

    @Test
    void damagedLineIsNamedAndThereIsNoPage() throws IOException {
        write("pages.jsonl", ok("/a", "A", "1"), "{\"url\": broken", ok("/b", "B", "2"));

        assertThat(run(2).err()).startsWith("scraper: " + folder.resolve("pages.jsonl")
                + ":2: the line is not a JSON object; the file is damaged");
        write("pages.jsonl", "{\"_url\": \"items\"}");
        assertThat(run(2).err()).contains("has no pages of a crawl");
        write("pages.jsonl", ok("/a", "A", "1"));
        write("report.json", "[1]");
        assertThat(run(2).err()).contains("report.json is not the report of a crawl");
        assertThat(folder.resolve("report.html")).doesNotExist();
    }

    @Test
    void folderWithoutPagesIsNamedWithWhereSomeAre() throws IOException {
        write("docs/pages.jsonl", ok("/a", "A", "1"));

        assertThat(run(2).err()).contains("there are no pages in " + folder, "there are pages in "
                + folder.resolve("docs"));
        CommandRun other = new CommandRun(folder);
        assertThat(other.run("report", folder.resolve("nothing").toString())).isEqualTo(2);
        assertThat(other.run("report", folder.resolve("docs/pages.jsonl").toString())).isEqualTo(2);
        assertThat(other.err()).contains("there is no folder " + folder.resolve("nothing"),
                "is a file; name the folder");
        assertThat(run(2, "--pages", "all.jsonl").err()).contains("there is no file " + folder.resolve("all.jsonl"));
        assertThat(run(2, "--rows", "0").err()).contains("--rows must be from 1");
    }

    @Test
    void listsAreCutAndTheRestIsCounted() throws IOException {
        String[] lines = new String[30];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = failed("/" + i, 404);
        }
        write("pages.jsonl", lines);

        Document page = page("--rows", "10");

        assertThat(page.select("#broken tbody tr")).hasSize(10);
        assertThat(page.select("#broken .rest").text()).startsWith("These are 10 of 30; the others are in pages.jsonl");
    }

    @Test
    void pageThatCannotBeWrittenLeavesTheOldOne() throws IOException {
        write("pages.jsonl", ok("/a", "A", "1"));
        Path old = Files.writeString(folder.resolve("report.html"), "old");
        Files.createDirectory(folder.resolve(".report.html.part"));

        assertThat(run(4).err()).contains("scraper: cannot write " + old);
        assertThat(old).hasContent("old");
        assertThat(run(4, "-o", folder.resolve("pages.jsonl/x.html").toString()).err())
                .contains("pages.jsonl is a file, not a directory");
        assertThat(run(0, "-o", "-").out()).startsWith("<!doctype html>").endsWith("</html>\n");
    }

    @Test
    void figuresOfAnotherRunsReportAreNoticed() throws IOException {
        write("pages.jsonl", ok("/a", "A", "1"));
        write("report.json", "{\"job\": \"x\", \"finishReason\": \"maxPages\", \"accounting\": {\"discovered\": 7}}");

        assertThat(page().select("#findings li").eachText())
                .contains("report.json counts 7 URLs, and pages.jsonl has 1 line: they are not of the same run, or the "
                        + "crawl is at work.", "The crawl ended at limits.maxPages: there are more pages than these.");
    }

    @Test
    void coloursAreThoseOfTheDashboard() throws IOException {
        String dashboard = resource("/fanout/app/dashboard/app.css");
        String page = resource("/fanout/app/reportpage/page.css");

        assertThat(page).contains(dashboard.substring(0, dashboard.indexOf('}')));
        String dark = dashboard.substring(dashboard.indexOf("--bg: #0e141b"));
        dark.substring(0, dark.indexOf('}'))
                .lines()
                .map(String::strip)
                .forEach(line -> assertThat(page).contains(line));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(ReportCommandTest.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    /** Ten megabytes of URLs, titles and links, all of which a page would like to show. */
    @Test
    void longTextsOfAHostileSiteFitIntoTheMemory() throws Exception {
        String tail = "x".repeat(8_000);
        List<String> pages = new ArrayList<>();
        List<String> links = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            pages.add(i % 4 == 0 ? failed("/" + i + tail, 404)
                    : i % 4 == 1 ? redirect("/" + i + tail, "/" + (i - 1) + tail) : ok("/" + i + tail, tail, "1"));
            links.add(link("/" + i + tail, "/" + i / 4 * 4 + tail, tail));
        }
        write("pages.jsonl", pages.toArray(String[]::new));
        write("links.jsonl", links.toArray(String[]::new));
        write("previous/20261201T030000Z/pages.jsonl", ok("/before" + tail, tail, "1"));
        RunFiles.Names names =
                new RunFiles.Names(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        RunFiles files = RunFiles.in(folder, names);
        StringWriter out = new StringWriter();

        ReportPage page = ReportPage.of(files, files.before(names),
                new ReportPage.Options("x", 500, 1_500_000, Instant.EPOCH));
        page.writeTo(out);

        assertThat(page.notes()).anyMatch(note -> note.contains("more URLs than fit into the memory"));
        Document shown = Jsoup.parse(out.toString());
        assertThat(shown.select("#broken tbody tr").size()).isBetween(1, 60);
        assertThat(shown.select("#broken").text()).contains(" of 100; the others are in pages.jsonl");
        assertThat(shown.select("#redirects").text()).contains(" of 100; the others are in pages.jsonl");
        assertThat(shown.select("#titles").text()).startsWith("Duplicate titles").contains("200");
    }

    @Test
    void aMisspeltOptionIsNamedBeforeWhatIsMissing() {
        CommandRun none = new CommandRun(folder);
        assertThat(none.run("report")).isEqualTo(2);
        assertThat(none.err()).isEqualTo("scraper: OUT_FOLDER is missing\nTry 'scraper report --help'.\n");
        CommandRun misspelt = new CommandRun(folder);
        assertThat(misspelt.run("report", "--row=5")).isEqualTo(2);
        assertThat(misspelt.err()).startsWith("scraper: there is no option --row=5; did you mean --rows");
        for (String[] words : new String[][]{{"report", "-o-"}, {"report", "--rows", "5"}, {"report", "-o", "x"}}) {
            CommandRun missing = new CommandRun(folder);
            assertThat(missing.run(words)).isEqualTo(2);
            assertThat(missing.err()).startsWith("scraper: OUT_FOLDER is missing\n");
        }
    }
}
