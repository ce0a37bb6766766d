package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class TryCommandTest {

    private static final String LINKS = """
            <title>All links</title><h1>Things</h1><p class=n>3.50</p>
            <a href="one.html">1</a> <a href="./one.html#x">1 again</a> <a href="#top">this page</a>
            <a href="private/x.html">x</a> <a href="/elsewhere/y.html">y</a> <a href="http://example.org/">away</a>
            <a href="ad.html" rel="sponsored nofollow">ad</a> <a href="mailto:a@example.org">mail</a>
            <a href="JavaScript:void(0)">script</a> <a href="http://u:p@127.0.0.1/">user</a> <a href="http://[/">bad</a>
            <a href="%s.html">long</a> <a href="two.html">2</a> <a href="three.html">3</a> <a href="four.html">4</a>
            """.formatted("l".repeat(200));

    private static final String RULES = """
            scope: {include: ["/dir/"], exclude: ["/private/"]}
            limits: {maxUrlLength: 150, maxLinksPerPage: 7}
            extract: [{name: things, fields: {head: {css: h1}, price: {css: .n, type: number}, none: {css: h6}}}]
            """;

    @TempDir
    private Path folder;

    private Pages site;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void openSite() throws IOException {
        site = new Pages().page("/dir/", LINKS);
    }

    @AfterEach
    void closeSite() {
        site.close();
    }

    @Test
    void aTrialShowsTheLineTheItemsTheLinksAndWhyEachDroppedLinkWasDropped() throws IOException {
        assertThat(trial("/dir/", RULES)).as(err.toString()).isZero();

        assertThat(out.toString().lines().map(line -> line.replace(site.url(""), "@"))).contains("The line",
                "  outcome      ok", "  title        All links", "  links        10", "Items: 1", "  head   Things",
                "  price  3.50", "  none   null", "Links: 3 followed, 12 dropped", "  @/dir/one.html",
                "  @/dir/two.html", "  @/dir/three.html", "Dropped links, and why",
                "  duplicate on this page           @/dir/one.html", "  duplicate: this page             @/dir/",
                "  out of scope: exclude            @/dir/private/x.html",
                "  out of scope: include            @/elsewhere/y.html");
    }

    @Test
    void aTrialSaysWhyItemsAreMissing() throws IOException {
        assertThat(trial("/dir/", """
                extract:
                  - {name: broken, each: a, fields: {price: {css: .none, required: true}}}
                  - {name: labelled, label: product, fields: {head: {css: h1}}}
                  - {name: matched, match: "/shop/", fields: {head: {css: h1}}}
                """)).as(err.toString()).isZero();

        assertThat(out.toString()).contains("  note: 15 items were dropped, because a required field is missing",
                "  note: the rule labelled is for pages labelled product (try has --label)",
                "  note: the rule matched is for URLs that match /shop/", "Items: none");
    }

    @ParameterizedTest
    @CsvSource({"./one.html#x, duplicate on this page", "#top, duplicate: this page",
        "private/x.html, out of scope: exclude", "/elsewhere/y.html, out of scope: include",
        "http://example.org/, out of scope: domain", "ad.html, nofollow", "mailto:a@example.org, not http or https",
        "JavaScript:void(0), not http or https", "http://u:p@127.0.0.1/, malformed", "http://[/, malformed",
        "two.html, followed", "four.html, beyond limits.maxLinksPerPage"})
    void everyLinkHasItsVerdict(String href, String verdict) throws IOException {
        assertThat(trial("/dir/", RULES, "--json")).isZero();

        assertThat(links().get(href)).isEqualTo(verdict);
        assertThat(links().get("l".repeat(200) + ".html")).isEqualTo("longer than limits.maxUrlLength");
    }

    @Test
    void depthFollowAndThePagesOwnNofollowDropLinksToo() throws IOException {
        assertThat(trial("/dir/", "scope: {maxDepth: 0}\n", "--json")).isZero();
        assertThat(links().get("one.html")).isEqualTo("out of scope: maxDepth");

        assertThat(trial("/dir/", "follow: [{css: 'a[href=two.html]', attr: href, label: two}]\n", "--json")).isZero();
        assertThat(links()).containsEntry("two.html", "followed").containsEntry("one.html", "not picked by follow");
        assertThat(json().at("/links/0/label").asString()).isEqualTo("two");

        site.answer("/dir/", 200, Map.of("X-Robots-Tag", "nofollow"), LINKS);
        assertThat(trial("/dir/", "", "--json")).isZero();
        assertThat(links().get("one.html")).isEqualTo("nofollow");
    }

    /** What a trial says is what a crawl does. */
    @Test
    void theLinksThatATrialFollowsAreThoseThatACrawlDiscovers() throws IOException {
        assertThat(trial("/dir/", RULES, "--json")).isZero();
        Set<String> followed = json().get("links")
                .valueStream()
                .filter(link -> link.get("followed").asBoolean())
                .map(link -> link.get("url").asString())
                .collect(Collectors.toSet());

        Path pages = folder.resolve("pages.jsonl");
        run("crawl", folder.resolve("job.yaml").toString(), "--pages", pages.toString(), "--items",
                folder.resolve("i.jsonl").toString(), "--report", folder.resolve("r.json").toString());
        Set<String> discovered = Files.readAllLines(pages)
                .stream()
                .map(new JsonMapper()::readTree)
                .map(line -> line.get("url").asString())
                .filter(url -> !url.equals(site.url("/dir/")))
                .collect(Collectors.toSet());

        assertThat(discovered).isEqualTo(followed).hasSize(3);
    }

    @Test
    void oneTrialAsksForRobotsAndThePageAndWritesNoFile() throws IOException {
        assertThat(trial("/dir/", RULES)).isZero();

        assertThat(site.asked).containsExactly("/robots.txt", "/dir/");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("job.yaml"));
        }
        assertThat(Path.of("out", "test")).doesNotExist();
    }

    @Test
    void everyHopOfARedirectIsShown() throws IOException {
        site.answer("/a", 302, Map.of("Location", "/b"), "").answer("/b", 301, Map.of("Location", "/dir/"), "");

        assertThat(trial("/a", "", "--json")).isZero();
        assertThat(json().get("lines")
                .valueStream()
                .map(line -> line.get("url").asString() + " " + line.get("outcome")
                        .asString()))
                .containsExactly(site.url("/a") + " redirected", site.url("/b") + " redirected",
                        site.url("/dir/") + " ok");

        out.getBuffer().setLength(0);
        assertThat(trial("/a", "")).isZero();
        assertThat(out.toString()).contains("The line of " + site.url("/a"), "The line of " + site.url("/dir/"));
    }

    @Test
    void robotsThatForbidAndPagesThatFailAreNothingOk() throws IOException {
        site.answer("/robots.txt", 200, Map.of(), "User-agent: *\nDisallow: /dir/");
        assertThat(trial("/dir/", "")).isEqualTo(4);
        assertThat(out.toString()).contains("skipped", "disallowed by robots.txt", "Items: none", "Links: none");

        assertThat(trial("/none", "")).isEqualTo(4);
        assertThat(out.toString()).contains("HTTP status 404");
    }

    @Test
    void aLabelMakesRulesApply() throws IOException {
        String rules = "extract: [{name: things, label: product, fields: {head: {css: h1}}}]\n";
        assertThat(trial("/dir/", rules)).isZero();
        assertThat(out.toString()).contains("Items: none");

        assertThat(trial("/dir/", rules, "--label", "product")).isZero();
        assertThat(out.toString()).contains("Items: 1", "  label        product");
    }

    @Test
    void aPageOutOfScopeIsShownWithANoteAndGetsNoCredentials() throws IOException {
        try (Pages other = new Pages().page("/", "<a href=x>")) {
            String job = site.job("/dir/", "http: {headers: {Authorization: secret, X-Other: yes}}\n");
            assertThat(run("try", job(job), other.url("/"))).isZero();

            assertThat(out.toString()).contains("  note: " + other.url("/") + " is out of scope (domain)");
            assertThat(other.requests).allSatisfy(headers -> assertThat(headers)
                    .containsKey("X-other")
                    .doesNotContainKey("Authorization"));
            assertThat(run("try", job(job), site.url("/dir/"))).isZero();
            assertThat(site.requests).last().satisfies(headers -> assertThat(headers).containsKey("Authorization"));
        }
    }

    @Test
    void badUrlsBadJobsAndBadOptionsAreBadUsage() throws IOException {
        String job = job(site.job("/dir/", ""));
        for (String url : List.of("dir/one.html", "ftp://127.0.0.1/", "http://u:p@127.0.0.1/", "http://[/",
                "\u001b[2J")) {
            assertThat(run("try", job, url)).as(url).isEqualTo(2);
        }
        assertThat(err.toString()).contains("not a URL that can be fetched: ftp://127.0.0.1/").doesNotContain("\u001b");
        assertThat(run("try", job)).isEqualTo(2);
        assertThat(run("try", folder.resolve("no.yaml").toString(), site.url("/dir/"))).isEqualTo(2);
        assertThat(run("try", job, site.url("/dir/"), "--set", "limits.maxPages=none")).isEqualTo(2);
        assertThat(run("try", job, site.url("/" + "x".repeat(9000)))).isEqualTo(2);
        assertThat(site.asked).isEmpty();
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void theJobMayComeFromStandardInput() throws IOException {
        var before = System.in;
        System.setIn(new ByteArrayInputStream(site.job("/dir/", "").getBytes(StandardCharsets.UTF_8)));
        try {
            assertThat(run("try", "-", site.url("/dir/"))).isZero();
        } finally {
            System.setIn(before);
        }
        assertThat(out.toString()).contains("All links");
    }

    private int trial(String path, String rules, String... options) throws IOException {
        if (List.of(options).contains("--json")) {
            out.getBuffer().setLength(0);
        }
        List<String> words = new java.util.ArrayList<>(List.of("try", job(site.job("/dir/", rules)), site.url(path)));
        words.addAll(List.of(options));
        return run(words.toArray(String[]::new));
    }

    private String job(String text) throws IOException {
        return Files.writeString(folder.resolve("job.yaml"), text).toString();
    }

    private int run(String... words) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    }

    private JsonNode json() {
        return new JsonMapper().readTree(out.toString());
    }

    private Map<String, String> links() {
        return json().get("links")
                .valueStream()
                .collect(Collectors.toMap(link -> link.get("href").asString(), link -> link.get("verdict").asString()));
    }
}
