package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What jobs with forms ask a server for, and what {@code try} says of them. */
@Timeout(60)
class FormCrawlTest {

    private static final String SITE = "http://www.example.org";

    private static final String SEARCH = """
            <h1>Garden</h1><form id=search method=post action="/search?in=all"><input name=q>
            <select name=shelf><option value=1>Pots<option value=2 selected>Hoses</select>
            <input type=hidden name=token value=t1><button name=go value=1>Go</button></form>""";

    private static final String FOLLOW = """
            follow:
              - form: "form#search"
                fields: {q: garden hose, size: [1, 2.50], token: null}
                label: results
                priority: 4
                data: {shelf: {css: h1}}
            """;

    private static final String SENT = "q=garden+hose&shelf=2&go=1&size=1&size=2.50";

    @TempDir
    private Path folder;

    private ExampleWeb web;
    private CommandRun command;

    @BeforeEach
    void openSite() throws IOException {
        command = new CommandRun(folder);
        web = new ExampleWeb();
    }

    @AfterEach
    void closeSite() {
        web.close();
    }

    private String job(String follow) {
        return """
                name: forms
                startUrls: ["%s/"]
                politeness: {delay: 0, obeyRobots: false}
                http: {proxy: "%s"}
                network: {allowedCidrs: [127.0.0.0/8]}
                """.formatted(SITE, web.proxy()) + follow;
    }

    private int crawl(String follow, String... options) throws IOException {
        return command.crawl(job(follow), options);
    }

    private List<String> tried(String follow, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("job.yaml"), job(follow));
        List<String> words = new ArrayList<>(List.of("try", file.toString(), SITE + "/"));
        words.addAll(List.of(options));
        assertThat(command.run(words.toArray(String[]::new))).as(command.err()).isZero();
        return command.out().lines().toList();
    }

    @Test
    void aFormIsSentWithTheFieldsOfTheJobOnTop() throws IOException {
        web.page(SITE + "/", SEARCH).post(SITE + "/search?in=all", SENT, "<title>Found</title>");

        assertThat(crawl(FOLLOW)).as(command.err()).isZero();

        assertThat(web.requested()).containsExactly(SITE + "/", "POST " + SITE + "/search?in=all " + SENT);
        JsonNode line = command.rows("pages.jsonl").getLast();
        assertThat(line.get("title").asString()).isEqualTo("Found");
        assertThat(line.get("method").asString()).isEqualTo("POST");
        assertThat(line.get("bodyHash").asString()).hasSize(64);
        assertThat(line.get("label").asString()).isEqualTo("results");
        assertThat(line.get("data")).hasToString("{\"shelf\":\"Garden\"}");
        assertThat(command.report().at("/follow/0/entry").asString()).isEqualTo("form form#search");
        assertThat(command.report().at("/follow/0/links").asInt()).isEqualTo(1);
        assertThat(command.report().at("/follow/0/noLinks").asInt()).as("the page without the form is no flaw")
                .isZero();
    }

    @Test
    void aFormInALegacyEncodingOutlivesTheProcess() throws IOException {
        String form = """
                <form method=post action=/find enctype=multipart/form-data>
                <input name=\u0441\u043b\u043e\u0432\u043e value=\u0448\u043b\u0430\u043d\u0433></form>""";
        web.file(SITE + "/", "text/html; charset=windows-1251", form.getBytes(Charset.forName("windows-1251")));

        assertThat(crawl("follow: [{form: form}]\n", "--set", "limits.maxPages=1")).as(command.err()).isZero();
        assertThat(web.requested()).containsExactly(SITE + "/");
        assertThat(crawl("follow: [{form: form}]\n", "--resume")).as(command.err()).isEqualTo(0);

        assertThat(web.requested()).hasSize(2);
        assertThat(web.requested().getLast()).startsWith("POST " + SITE + "/find ------fanout")
                .contains("name=\"\u00f1\u00eb\u00ee\u00e2\u00ee\"\r\n\r\n\u00f8\u00eb\u00e0\u00ed\u00e3\r\n");
    }

    @Test
    void aFormOfEachPageIsSentOncePerIdentity() throws IOException {
        String next = SEARCH.replace("t1", "t2").replace("method=post", "") + "<a href=/b>b</a>";
        web.page(SITE + "/", next.replace("t2", "t1"))
                .page(SITE + "/b", next)
                .page(SITE + "/search?q=&shelf=2&token=t1&go=1", next);

        assertThat(crawl("concurrency: 1\nfollow: [standard, {form: form}]\n")).as(command.err()).isZero();
        assertThat(web.requested()).filteredOn(url -> url.contains("token"))
                .containsExactly(SITE + "/search?q=&shelf=2&token=t1&go=1");

        assertThat(crawl("concurrency: 1\nfollow: [standard, {form: form, identity: [token]}]\n")).isZero();
        assertThat(web.requested()).filteredOn(url -> url.contains("token=t2")).hasSize(1);
    }

    @Test
    void includeAndExcludeLookAtTheUrlOfTheForm() throws IOException {
        web.page(SITE + "/", SEARCH);
        String entry = "follow: [{form: form, %s}]\n";

        assertThat(crawl(entry.formatted("exclude: [\"/search\"]"))).isZero();
        assertThat(crawl(entry.formatted("include: [\"/other\"]"))).isZero();

        assertThat(web.requested()).containsExactly(SITE + "/", SITE + "/");
    }

    @Test
    void theReportSaysWhyAFormIsNotSent() throws IOException {
        web.page(SITE + "/", "<form action='javascript:go()'></form>");

        assertThat(crawl("follow: [{form: form}]\n")).isZero();

        assertThat(command.report().at("/follow/0/noLinks").asInt()).isEqualTo(1);
        assertThat(command.report().toString()).contains("its action is not an http or https URL: javascript:go()");
    }

    @Test
    void tryShowsTheRequestThatAFormMakes() throws IOException {
        web.page(SITE + "/", SEARCH);

        assertThat(tried(FOLLOW)).contains("Links: 1 followed, 0 dropped",
                "  POST " + SITE + "/search?in=all  (results)  {shelf=Garden}  " + SENT);
        assertThat(web.requested()).as("and does not send it").containsExactly(SITE + "/");
    }

    @Test
    void tryShowsABodyOfSeveralLinesBelow() throws IOException {
        web.file(SITE + "/", "text/html; charset=windows-1252", """
                <form method=post action=/find enctype=multipart/form-data><input name=q value=\u00fc></form>"""
                .getBytes(Charset.forName("windows-1252")));

        assertThat(tried("follow: [{form: form}]\n")).containsSequence(
                "      Content-Disposition: form-data; name=\"q\"", "      ", "      \\xFC")
                .anyMatch(
                        line -> line.startsWith("  POST " + SITE + "/find  multipart/form-data; boundary=----fanout"));
    }

    @Test
    void tryShowsTheRequestToScripts() throws IOException {
        web.page(SITE + "/", SEARCH);

        JsonNode link = new JsonMapper().readTree(String.join("\n", tried(FOLLOW, "--json"))).at("/links/0");

        assertThat(link.get("method").asString()).isEqualTo("POST");
        assertThat(link.get("url").asString()).isEqualTo(SITE + "/search?in=all");
        assertThat(link.get("contentType").asString()).isEqualTo("application/x-www-form-urlencoded");
        assertThat(link.get("body").asString()).isEqualTo(SENT);
        assertThat(link.get("priority").asInt()).isEqualTo(4);
    }

    @Test
    void tryNamesFieldsOfIdentityThatNoFormHas() throws IOException {
        web.page(SITE + "/", SEARCH);

        List<String> said = tried("follow: [{form: form, fields: {q: a}, identity: [q, shelf, page, seite]}]\n");

        assertThat(said).contains("Links: 1 followed, 0 dropped", "  note: follow form form: identity has page, which "
                + "is a field neither of the form nor of fields; identity has seite, which is a field neither of the "
                + "form nor of fields");
        assertThat(tried("follow: [{form: form, fields: {q: a}, identity: [q, token]}]\n"))
                .filteredOn(line -> line.contains("note: follow"))
                .hasSize(1);
    }

    @Test
    void trySaysWhyAnEntryOfAFormYieldsNothing() throws IOException {
        web.page(SITE + "/", SEARCH.replace("<button", "<button disabled"));

        for (String entry : List.of("{form: \"form#login\"}", "{form: h1}", "{form: form, submit: \".next\"}",
                "{form: form, submit: button}", "{form: form, submit: select}")) {
            tried("follow: [" + entry + "]\n");
        }

        assertThat(command.out().lines().filter(line -> line.startsWith("  note: follow"))).containsExactly(
                "  note: follow form form#login gives no link in this page: no match",
                "  note: follow form h1 gives no link in this page: form picks the element h1, which is no form",
                "  note: follow form form gives no link in this page: submit: no match",
                "  note: follow form form gives no link in this page: submit picks a button that is disabled",
                "  note: follow form form gives no link in this page: submit picks the element select, "
                        + "which is no submit button");
    }
}
