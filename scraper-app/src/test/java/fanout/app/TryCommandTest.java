package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TryCommandTest {

    @TempDir
    private Path folder;

    private Pages site;
    private TrialRun run;

    @BeforeEach
    void openSite() throws IOException {
        site = new Pages().page("/dir/", TrialRun.LINKS);
        run = new TrialRun(folder, site);
    }

    @AfterEach
    void closeSite() {
        site.close();
    }

    @Test
    void trialShowsLineItemsLinksAndWhyALinkWasDropped() throws IOException {
        assertThat(run.trial("/dir/", TrialRun.RULES)).as(run.err()).isZero();

        assertThat(run.out().lines().map(line -> line.replace(site.url(""), "@"))).contains("The line",
                "  outcome      ok", "  title        All links", "  links        10", "Items: 1", "  head   Things",
                "  price  3.5", "  none   null  (no match)", "Links: 3 followed, 12 dropped", "  @/dir/one.html",
                "  @/dir/two.html", "  @/dir/three.html",
                "Dropped links by reason, with the first of each (--json has all)",
                "  1  beyond limits.maxLinksPerPage    @/dir/four.html",
                "  1  duplicate on this page           @/dir/one.html",
                "  1  duplicate: this page             @/dir/",
                "  1  longer than limits.maxUrlLength  @/dir/" + "l".repeat(200) + ".html",
                "  2  malformed                        http://u:p@127.0.0.1/",
                "  1  nofollow                         @/dir/ad.html",
                "  2  not http or https                mailto:a@example.org",
                "  1  out of scope: domain             http://example.org/",
                "  1  out of scope: exclude            @/dir/private/x.html",
                "  1  out of scope: include            @/elsewhere/y.html");
    }

    @Test
    void aTrialSaysWhyItemsAreMissing() throws IOException {
        assertThat(run.trial("/dir/", """
                extract:
                  - {name: broken, each: a, fields: {price: {css: .none, required: true}}}
                  - {name: labelled, label: product, fields: {head: {css: h1}}}
                  - {name: matched, match: "/shop/", fields: {head: {css: h1}}}
                """)).as(run.err()).isZero();

        assertThat(run.out()).contains(
                "  note: 15 items were dropped, because a required field is missing: broken (price: no match)",
                "  note: the rule labelled is for pages labelled product (try has --label)",
                "  note: the rule matched is for URLs that match /shop/", "Items: none");
    }

    @Test
    void aTrialSaysWhichExpectedFieldsThePageLacks() throws IOException {
        String rules = """
                extract:
                  - {name: links, each: a, fields: {url: {css: a, attr: href}, rel: {css: "a[rel]"}}}
                expect: {minPages: 100, filled: {links.url: 100, links.rel: 7}}
                """;
        assertThat(run.trial("/dir/", rules)).as(run.err()).isZero();

        assertThat(run.out()).contains("  note: links.rel is filled in 1 of 15 items of this page, and expect.filled "
                + "wants 7 %").doesNotContain("links.url is filled");
    }

    @Test
    void aTrialSaysWhyAValueOrAWholeItemIsEmpty() throws IOException {
        site.page("/shop/", """
                <article><h3>Saw</h3><p class=price>10–20</p><i>x</i></article>
                <article><h3>Axe</h3><p class=price>1,5</p></article><article></article><article></article>""");
        assertThat(run.trial("/shop/", """
                extract:
                  - name: products
                    each: article
                    fields:
                      title: {css: h3}
                      price: {css: .price, type: number}
                      currency: {value: EUR}
                      offer: {fields: {day: {css: i, type: date}, tags: {css: u, list: true}, name: {css: h3}}}
                  - {name: lost, each: .product, fields: {title: {css: h3}}}
                """)).as(run.err()).isZero();

        assertThat(run.out().lines()).contains("  note: the rule lost: each .product matches nothing in this page",
                "  note: 2 items were not written, because all fields are empty: products (5 fields, "
                        + "title, price, offer.day, offer.tags, offer.name: no match)",
                "Items: 2", "  title     Saw", "  price     null  (two numbers in \"10–20\")",
                "    offer.day: not a date: \"x\"", "    offer.tags: no match",
                "  price     null  (no number in \"1,5\" with decimal mark . (with decimal: \",\" it is 1.5))");

        assertThat(run.trial("/shop/", "extract: [{name: a, each: article, fields: {t: {css: h3}}}]\n", "--json"))
                .isZero();
        assertThat(run.json().get("places").valueStream().map(place -> place.get("fate").asString()))
                .containsExactly("written", "written", "empty", "empty");
        assertThat(run.json().at("/places/2/missing/t").asString()).isEqualTo("no match");
    }

    @Test
    void aTrialSaysWhichJsonLdItReadsAndWhatElseThereIs() throws IOException {
        site.page("/shop/",
                """
                        <script type="application/ld+json">{"@type": "Organization", "name": "Shop"}</script>
                        <script type="application/ld+json">{"@graph": [{"@type": "Product", "name": "Saw", "sku": "S"}]}</script>
                        <article><h3>One</h3></article><article><h3>Two</h3></article><script>{"x": 1}</script><p></p>""");
        assertThat(run.trial("/shop/",
                """
                        extract:
                          - name: products
                            each: article
                            fields: {title: {css: h3}, name: {jsonld: Product, json: /name}, price: {jsonld: Offer, json: /price}}
                          - {name: page, fields: {script: {css: "script:not([type])"}, empty: {css: p}, name: {json: /name}}}
                          - {name: texts, each: {xpath: "//h3/text()"}, fields: {title: {css: h3}}}
                        """))
                .as(run.err())
                .isZero();

        assertThat(run.out().lines()).contains("Items: 3", "  title  One", "  title  Two", "  name   Saw",
                "  price  null  (no JSON-LD of type Offer: the page has Organization, Product)",
                "  note: the rule products: each narrows css and xpath, and json fields come from the JSON-LD of the "
                        + "page, "
                        + "the same for each item (for an item of each node write each: {jsonld: Product, json: \"\"})",
                "  script  {\"x\": 1}", "  empty     (the text is empty)", "  name    Shop",
                "  note: the rule texts: each //h3/text() matches nothing in this page (each picks texts or "
                        + "attributes, in "
                        + "which there is nothing to look; pick elements)");
    }

    @Test
    void aTrialSaysWhyAFollowRuleGivesNoLink() throws IOException {
        site.answer("/x.json", 200, Map.of("Content-Type", "application/json"),
                "{\"next\": 2, \"all\": [{\"url\": \"/a\"}, {\"id\": 1}], \"last\": null}");
        String rules = """
                parse: {contentTypes: [application/json]}
                follow: [{json: /next}, {json: /all, attr: url}, {json: /last}, {css: a}, {json: "/all/0/url"}]
                """;
        assertThat(run.trial("/x.json", rules)).as(run.err()).isZero();

        assertThat(run.out().lines().filter(line -> line.startsWith("  note: follow"))).containsExactly(
                "  note: follow json /next gives no link in this page: it is a number, not a string",
                "  note: follow json /all: 1 of 2 matches is not a link: an object without the member \"url\"",
                "  note: follow json /last gives no link in this page: no match",
                "  note: follow css a gives no link in this page: no match");
        assertThat(run.trial("/x.json", rules, "--json")).isZero();
        assertThat(run.json().at("/follow/1")).hasToString("{\"entry\":\"json /all\",\"matches\":2,\"links\":1,"
                + "\"reasons\":[\"an object without the member \\\"url\\\"\"]}");
    }

    @Test
    void aTrialOfAPageThatIsNotParsedOrOfAJobWithoutRulesSaysSo() throws IOException {
        site.answer("/x.json", 200, Map.of("Content-Type", "application/json; charset=utf-8"), "{\"name\": \"Saw\"}");
        String rules = "extract: [{name: a, fields: {t: {json: /name}}}]\n";
        assertThat(run.trial("/x.json", rules)).isZero();
        assertThat(run.out())
                .contains("  note: application/json is not parsed: only the types in parse.contentTypes are, "
                        + "text/html, application/xhtml+xml");

        assertThat(run.trial("/x.json", rules + "parse: {contentTypes: [application/json]}\n")).isZero();
        assertThat(run.out()).contains("  t      Saw");

        assertThat(run.trial("/dir/", "")).isZero();
        assertThat(run.out()).contains("  note: the job has no rules under extract, so no page has items");
    }

    @Test
    void oneTrialAsksForRobotsAndThePageAndWritesNoFile() throws IOException {
        assertThat(run.trial("/dir/", TrialRun.RULES)).isZero();

        assertThat(site.asked).containsExactly("/robots.txt", "/dir/");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("job.yaml"));
        }
        assertThat(Path.of("out", "test")).doesNotExist();
    }

    @Test
    void everyHopOfARedirectIsShown() throws IOException {
        site.answer("/a", 302, Map.of("Location", "/b"), "").answer("/b", 301, Map.of("Location", "/dir/"), "");

        assertThat(run.trial("/a", "", "--json")).isZero();
        assertThat(run.json()
                .get("lines")
                .valueStream()
                .map(line -> line.get("url").asString() + " " + line.get("outcome")
                        .asString()))
                .containsExactly(site.url("/a") + " redirected", site.url("/b") + " redirected",
                        site.url("/dir/") + " ok");

        assertThat(run.trial("/a", "")).isZero();
        assertThat(run.out()).contains("The line of " + site.url("/a"), "The line of " + site.url("/dir/"));
    }

    @Test
    void robotsThatForbidAndPagesThatFailAreNothingOk() throws IOException {
        site.answer("/robots.txt", 200, Map.of(), "User-agent: *\nDisallow: /dir/");
        assertThat(run.trial("/dir/", "")).isEqualTo(4);
        assertThat(run.out()).contains("skipped", "disallowed by robots.txt", "Items: none", "Links: none");

        assertThat(run.trial("/none", "")).isEqualTo(4);
        assertThat(run.out()).contains("HTTP status 404");
    }

    @Test
    void theLabelIsThatOfTheStartUrl() throws IOException {
        String job = run.job(site.job("/dir/", "extract: [{name: things, label: product, fields: {head: {css: h1}}}]\n")
                .replace("startUrls: [\"" + site.url("/dir/") + "\"]", "startUrls: [{url: \"" + site.url("/other/")
                        + "\", label: other}, {url: \"" + site.url("/dir/") + "\", label: product}]"));
        assertThat(run.run("try", job, site.url("/dir/"))).as(run.err()).isZero();
        assertThat(run.out()).contains("Items: 1", "  label        product");
    }

    @Test
    void aUrlMayBeAsLongAsTheJobAllows() throws IOException {
        int length = site.url("/dir/").length();
        assertThat(run.trial("/dir/", "limits: {maxUrlLength: " + length + "}\n")).as(run.err()).isZero();
        assertThat(run.trial("/dir/a", "limits: {maxUrlLength: " + length + "}\n")).isEqualTo(2);
        assertThat(run.err()).contains("the URL is longer than the job's limits.maxUrlLength");
    }

    @Test
    void aLabelMakesRulesApply() throws IOException {
        String rules = "extract: [{name: things, label: product, fields: {head: {css: h1}}}]\n";
        assertThat(run.trial("/dir/", rules)).isZero();
        assertThat(run.out()).contains("Items: none");

        assertThat(run.trial("/dir/", rules, "--label", "product")).isZero();
        assertThat(run.out()).contains("Items: 1", "  label        product");
    }

    @Test
    void aPageOutOfScopeIsShownWithANoteAndGetsNoCredentials() throws IOException {
        try (Pages other = new Pages().page("/", "<a href=x>")) {
            String job = site.job("/dir/", "http: {headers: {Authorization: secret, X-Other: yes}}\n");
            assertThat(run.run("try", run.job(job), other.url("/"))).isZero();

            assertThat(run.out()).contains("  note: " + other.url("/") + " is out of scope (domain)");
            assertThat(other.requests).allSatisfy(headers -> assertThat(headers)
                    .containsKey("X-other")
                    .doesNotContainKey("Authorization"));
            assertThat(run.run("try", run.job(job), site.url("/dir/"))).isZero();
            assertThat(site.requests).last().satisfies(headers -> assertThat(headers).containsKey("Authorization"));
        }
    }

    @Test
    void badUrlsBadJobsAndBadOptionsAreBadUsage() throws IOException {
        String job = run.job(site.job("/dir/", ""));
        for (String url : List.of("dir/one.html", "ftp://127.0.0.1/", "http://u:p@127.0.0.1/", "http://[/",
                "\u001b[2J")) {
            assertThat(run.run("try", job, url)).as(url).isEqualTo(2);
        }
        String words = "scraper: URL must be an absolute http or https URL without user name and password";
        assertThat(run.err()).contains(words + ", not \"ftp://127.0.0.1/\"\n").doesNotContain("\u001b");
        assertThat(run.run("try", job)).isEqualTo(2);
        assertThat(run.run("try", folder.resolve("no.yaml").toString(), site.url("/dir/"))).isEqualTo(2);
        assertThat(run.run("try", job, site.url("/dir/"), "--set", "limits.maxPages=none")).isEqualTo(2);
        assertThat(run.run("try", job, site.url("/" + "x".repeat(9000)))).isEqualTo(2);
        assertThat(site.asked).isEmpty();
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aPasswordInAUrlIsRefusedInTheWordsOfAJobAndNotShown() throws IOException {
        String job = run.job(site.job("/dir/", ""));

        assertThat(run.run("try", job, "http://user:sec@ret@127.0.0.1/")).isEqualTo(2);
        assertThat(run.err().lines()).first()
                .isEqualTo("scraper: URL must be an absolute http or https URL without user name and password");

        assertThat(run.run("try", job, site.url("/dir/"), "http://user:sec@ret@127.0.0.1/x")).isEqualTo(2);
        assertThat(run.run("try", "http://user:sec@ret@127.0.0.1/x", site.url("/dir/"))).isEqualTo(2);
        assertThat(run.err())
                .contains("did not expect http://***@127.0.0.1/x",
                        "scraper: http://***@127.0.0.1/x must be an absolute")
                .doesNotContain("user:", "sec", "ret");
        assertThat(site.asked).isEmpty();
    }

    @Test
    void aBareHostIsProbablyMeantAsHttps() throws IOException {
        assertThat(run.run("try", run.job(site.job("/dir/", "")), "example.org/docs")).isEqualTo(2);

        assertThat(run.err()).contains(", not \"example.org/docs\"; did you mean \"https://example.org/docs\"?");
    }

    @Test
    void theJobMayComeFromStandardInput() throws IOException {
        var before = System.in;
        System.setIn(new ByteArrayInputStream(site.job("/dir/", "").getBytes(StandardCharsets.UTF_8)));
        try {
            assertThat(run.run("try", "-", site.url("/dir/"))).isZero();
        } finally {
            System.setIn(before);
        }
        assertThat(run.out()).contains("All links");
    }
}
