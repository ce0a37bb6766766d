package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.config.JobFile;
import fanout.app.config.JobFileReader;
import fanout.app.config.JobOverrides;
import fanout.app.demo.DemoShop;
import fanout.synthetic.Latency;
import fanout.synthetic.SyntheticWeb;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs each file of {@code examples/} as it stands, against a site that fits it. What a test changes, it changes as a user
 * would, by options: where to begin, a proxy behind which the named hosts are, where to write, and a shorter delay where
 * the delay is not the point.
 */
@Timeout(60)
class ExamplesTest {

    private static final Path EXAMPLES = Path.of("examples");
    private static final String QUICK = "politeness.delay=10ms";
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void everyExampleHasItsTestHere() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("whole-site.yaml",
                    "catalogue.yaml", "sitemap-only.yaml", "polite-many-hosts.yaml", "fast-intranet.yaml", "news.yaml");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"whole-site", "catalogue", "sitemap-only", "polite-many-hosts", "fast-intranet", "news"})
    void anExampleIsValidAsItStandsAndSaysWhenToUseItAndHowToRunIt(String name) throws Exception {
        Path file = EXAMPLES.resolve(name + ".yaml");
        String text = Files.readString(file);

        try (InputStream content = Files.newInputStream(file)) {
            JobFile job = JobFileReader.read(file.toString(), content, JobOverrides.NONE, Map.of());

            assertThat(job.job().name()).isEqualTo(name);
            assertThat(Stream.concat(job.job().startUrls().stream().map(start -> start.url()),
                    job.job().sitemaps().stream()).map(url -> url.host().name()))
                    .isNotEmpty()
                    .allMatch(host -> host.matches("(.*\\.)?example\\.(org|net|com)|127\\.0\\.0\\.1"));
        }
        assertThat(text).startsWith("# ").contains("\n# Use it ", "\n# Run it:   scraper crawl " + name + ".yaml");
    }

    @Test
    void theWholeSiteIsCrawledWithinItsLimits() throws IOException {
        String site = "http://www.example.org";
        try (ExampleWeb web = new ExampleWeb()) {
            web.robots(site, "User-agent: *", "Disallow: /private/", "Sitemap: " + site + "/sitemap.xml")
                    .file(site + "/sitemap.xml", "application/xml", sitemap(site + "/from-sitemap.html"))
                    .page(site + "/",
                            links("1.html", "flaky.html", "dead.html", "big.html", "private/", "list.html?sort=up",
                                    "calendar/2026", "http://sub.example.org/"))
                    .page(site + "/from-sitemap.html", "<title>Known to the sitemap only</title>")
                    .flaky(site + "/flaky.html", "<title>At second try</title>")
                    .file(site + "/big.html", "text/html", new byte[2 * 1024 * 1024 + 1]);
            for (int depth = 1; depth <= 5; depth++) {
                web.page(site + "/" + depth + ".html", links(depth + 1 + ".html"));
            }
            long start = System.nanoTime();

            int code = crawl(web, "whole-site", "startUrls=[" + site + "/]", QUICK, "retries.backoff=10ms");

            assertThat(code).as(err.toString()).isZero();
            assertThat(outcomes()).containsExactly(
                    entry(site + "/", "ok"),
                    entry(site + "/1.html", "ok"),
                    entry(site + "/2.html", "ok"),
                    entry(site + "/3.html", "ok"),
                    entry(site + "/4.html", "ok"), // and 5.html lies too deep
                    entry(site + "/big.html", "failed body_too_large"),
                    entry(site + "/dead.html", "failed http_status"),
                    entry(site + "/flaky.html", "ok"),
                    entry(site + "/from-sitemap.html", "ok"),
                    entry(site + "/private/", "skipped robots"));
            assertThat(web.requested()).containsExactlyInAnyOrder(site + "/robots.txt", site + "/sitemap.xml",
                    site + "/", site + "/1.html", site + "/2.html", site + "/3.html", site + "/4.html",
                    site + "/big.html", site + "/dead.html", site + "/flaky.html", site + "/flaky.html",
                    site + "/from-sitemap.html");
            assertNeverEarly(web.arrivals("www.example.org"), Duration.ofMillis(10), start);

            assertThat(crawl(web, "whole-site", "startUrls=[" + site + "/]", QUICK, "limits.maxPages=3")).isZero();
            assertThat(outcomes().values().stream().filter("ok"::equals)).hasSize(3);
            assertThat(report().at("/finishReason").asString()).isEqualTo("maxPages");
        }
    }

    @Test
    void theCatalogueYieldsEveryProductAndLeavesTheRestAlone() throws IOException {
        JsonNode shelves;
        try (InputStream catalogue = DemoShop.class.getResourceAsStream("catalogue.json");
                DemoShop shop = DemoShop.open(0)) {
            shelves = JSON.readTree(catalogue);

            int code = crawl("catalogue", "startUrls=[{url: \"" + shop.origin() + "/\", label: list}]",
                    "network.allowedCidrs=[127.0.0.0/8]", QUICK);

            assertThat(code).as(err.toString()).isZero();
            assertThat(outcomes().values()).containsOnly("ok");
            assertThat(outcomes().keySet()).containsExactlyInAnyOrderElementsOf(shop.pages()
                    .stream()
                    .filter(url -> url.equals(shop.origin() + "/") || url.matches(".*/(catalogue|products)/.*"))
                    .toList());
            assertThat(shop.requests("/help/")).isZero();
            assertThat(shop.requests("/checkout/basket.html")).isZero();

            List<JsonNode> items = items();
            List<JsonNode> expected = shelves.findValues("products")
                    .stream()
                    .flatMap(products -> products.valueStream())
                    .toList();
            assertThat(rule(items, "products")).hasSize(expected.size())
                    .extracting(item -> item.get("title").asString(), item -> item.get("price").asDouble(),
                            item -> item.get("stock").asInt(), item -> item.get("tags"))
                    .containsExactlyInAnyOrderElementsOf(expected.stream()
                            .map(product -> org.assertj.core.groups.Tuple.tuple(product.get("title").asString(),
                                    product.get("price").asDouble(), product.get("stock").asInt(), product.get("tags")))
                            .toList());
            assertThat(rule(items, "products")).allMatch(item -> item.get("image")
                    .asString()
                    .startsWith(shop.origin() + "/icons/") && !item.get("about").asString().isBlank());
            assertThat(rule(items, "shelves")).allMatch(item -> !item.get("products").isEmpty())
                    .hasSize(outcomes().size() - expected.size());
        }
    }

    @Test
    void onlyWhatTheSitemapListsIsFetched() throws IOException {
        String site = "http://www.example.org";
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (ExampleWeb web = new ExampleWeb(); GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(sitemap(site + "/b.html"));
            gzip.finish();
            web.file(site + "/sitemap.xml", "application/xml", ("<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/"
                    + "sitemap/0.9\"><sitemap><loc>" + site + "/one.xml</loc></sitemap><sitemap><loc>" + site
                    + "/two.xml.gz</loc></sitemap></sitemapindex>").getBytes(UTF_8))
                    .file(site + "/one.xml", "application/xml", sitemap(site + "/a.html", site + "/archive/old.html"))
                    .file(site + "/two.xml.gz", "application/gzip", compressed.toByteArray())
                    .page(site + "/a.html", """
                            <title>=1+1</title><meta name=description content="About, a"><h1>One</h1><h2>Two</h2>
                            <link rel=canonical href="/a"><a href="/unlisted.html">unlisted</a>""")
                    .page(site + "/b.html", "<title>b</title>");

            int code = scraper("sitemap-only", List.of("--pages", folder.resolve("pages.csv").toString(), "--items",
                    folder.resolve("items.csv").toString()), behind(web, "sitemaps=[" + site + "/sitemap.xml]", QUICK));

            assertThat(code).as(err.toString()).isZero();
            assertThat(web.requested()).containsExactlyInAnyOrder(site + "/robots.txt", site + "/sitemap.xml",
                    site + "/one.xml", site + "/two.xml.gz", site + "/a.html", site + "/b.html");
            assertThat(Files.readAllLines(folder.resolve("pages.csv"))).hasSize(3)
                    .anyMatch(line -> line.startsWith(site + "/a.html,ok,"))
                    .anyMatch(line -> line.startsWith(site + "/b.html,ok,"));
            assertThat(Files.readAllLines(folder.resolve("items.csv"))).containsExactlyInAnyOrder(
                    "_url,_rule,title,description,canonical,headings",
                    site + "/a.html,pages,'=1+1,\"About, a\"," + site + "/a,\"[\"\"One\"\",\"\"Two\"\"]\"",
                    site + "/b.html,pages,b,,,[]");
        }
    }

    @Test
    void manyHostsAreEachAskedAsGentlyAsTheFileSays() throws IOException {
        Map<String, Duration> delays = Map.of("www.example.org", Duration.ofSeconds(1), "www.example.com",
                Duration.ofSeconds(1), "www.example.net", Duration.ofMillis(1500), "archive.example.org",
                Duration.ofSeconds(2));
        try (ExampleWeb web = new ExampleWeb()) {
            web.page("http://www.example.org/", links("a.html", "http://blog.example.org/"))
                    .page("http://www.example.org/a.html", links("b.html"))
                    .page("http://www.example.org/b.html", links("too-deep.html"))
                    .robots("http://www.example.net", "User-agent: *", "Crawl-delay: 1.5")
                    .page("http://www.example.net/", links("a.html"))
                    .page("http://www.example.net/a.html", "")
                    .robots("http://www.example.com", "User-agent: *", "Disallow: /", "", "User-agent: example-survey",
                            "Disallow: /private/")
                    .page("http://www.example.com/", links("a.html", "private/a.html"))
                    .page("http://www.example.com/a.html", "")
                    .page("http://archive.example.org/", "");
            long start = System.nanoTime();

            int code = crawl(web, "polite-many-hosts",
                    "startUrls=[" + String.join(", ", delays.keySet().stream().map(h -> "http://" + h + "/").toList())
                            + "]");

            assertThat(code).as(err.toString()).isZero();
            assertThat(outcomes()).containsExactly(
                    entry("http://archive.example.org/", "ok"),
                    entry("http://www.example.com/", "ok"),
                    entry("http://www.example.com/a.html", "ok"),
                    entry("http://www.example.com/private/a.html", "skipped robots"),
                    entry("http://www.example.net/", "ok"),
                    entry("http://www.example.net/a.html", "ok"),
                    entry("http://www.example.org/", "ok"),
                    entry("http://www.example.org/a.html", "ok"),
                    entry("http://www.example.org/b.html", "ok"));
            delays.forEach((host, delay) -> {
                assertNeverEarly(web.arrivals(host), delay, start);
                assertThat(web.mostInFlight(host)).as(host).isEqualTo(1);
                assertThat(web.arrivals(host)).extracting(ExampleWeb.Arrival::userAgent)
                        .containsOnly("example-survey/1.0 (+https://www.example.org/about-our-survey)");
            });
            assertThat(web.arrivals("blog.example.org")).isEmpty();
        }
    }

    @Test
    void anIntranetIsCrawledWithManyRequestsAtOnce() throws IOException {
        try (SyntheticWeb web = SyntheticWeb.builder()
                .pagesPerHost(120)
                .latency(Latency.fixed(Duration.ofMillis(20)))
                .start()) {
            web.on("/robots.txt", robots -> robots.respond(200, "text/plain", "User-agent: *\nDisallow: /\n"));

            int code = crawl("fast-intranet", "startUrls=[\"" + web.urlOf(0, 0) + "\"]");

            assertThat(code).as(err.toString()).isZero();
            assertThat(outcomes())
                    .isEqualTo(web.expectedPages(0).keySet().stream().collect(toMap(url -> url, _ -> "ok")));
            assertThat(web.arrivalCount()).as("one request a page, none for robots.txt").isEqualTo(outcomes().size());
            assertThat(web.maxConcurrent()).isBetween(3, 64);
        }
    }

    @Test
    void newsAreReadWithoutTheirCommentsAndWhatIsNotToBeFollowed() throws IOException {
        String site = "http://news.example.org";
        String article = site + "/2026/11/a-bridge.html";
        String listed = site + "/2026/11/a-tunnel.html";
        try (ExampleWeb web = new ExampleWeb()) {
            web.page(site + "/", links("section/town", "about.html", "2026/11/a-bridge.html?print=1")
                    + "<a rel='nofollow' href='/section/sponsored'>sponsored</a>")
                    .page(site + "/section/town", links(article, article + "?utm_source=town", "/section/closed"))
                    .page(site + "/section/closed",
                            "<meta name=robots content=nofollow>" + links("/2026/11/hidden.html"))
                    .page(article, """
                            <meta name=author content="A. Writer"><nav class=crumbs><a href="/">News</a> <a
                            href="/section/town">Town</a></nav><h1>A bridge</h1><time datetime="2026-11-24">today</time>
                            <article><p>It is <b>open</b>.</p><p>Since today.</p><img src="bridge.jpg"></article>"""
                            + links("/2026/11/a-bridge.html/comments", listed))
                    .page(listed, "<article><p>No headline.</p></article>");

            int code = crawl(web, "news", "startUrls=[" + site + "/]", QUICK);

            assertThat(code).as(err.toString()).isZero();
            Set<String> pages = Set.of(site + "/", site + "/section/town", site + "/section/closed", article, listed);
            assertThat(outcomes()).isEqualTo(pages.stream().collect(toMap(url -> url, _ -> "ok")));
            assertThat(web.requested()).hasSize(pages.size() + 1).contains(site + "/robots.txt").containsAll(pages);
            assertThat(items()).hasSize(1);
            ObjectNode item = (ObjectNode) items().getFirst();
            assertThat(item.remove("html").asString()).startsWith("<article>").contains("<b>open</b>");
            assertThat(item).isEqualTo(JSON.readTree("""
                    {"_url": "%s", "_rule": "articles", "headline": "A bridge", "author": "A. Writer",
                    "published": "2026-11-24", "section": "Town", "paragraphs": ["It is open.", "Since today."],
                    "picture": "%s/2026/11/bridge.jpg"}""".formatted(article, site)));
            assertThat(report().at("/itemsDropped").asInt()).as("an article without a headline").isEqualTo(1);
        }
    }

    /**
     * Holds however late the server noticed a request: the n-th was written at least n delays after the first, which was not
     * written before the crawl began.
     */
    private static void assertNeverEarly(List<ExampleWeb.Arrival> arrivals, Duration delay, long start) {
        assertThat(arrivals).hasSizeGreaterThan(1);
        assertThat(IntStream.range(0, arrivals.size())).allSatisfy(n -> assertThat(
                Duration.ofNanos(arrivals.get(n).nanoTime() - start)).as(arrivals.get(n).url())
                .isGreaterThanOrEqualTo(delay.multipliedBy(n)));
    }

    private static String links(String... targets) {
        StringBuilder html = new StringBuilder();
        for (String target : targets) {
            html.append("<a href='").append(target).append("'>link</a>\n");
        }
        return html.toString();
    }

    private static byte[] sitemap(String... urls) {
        StringBuilder xml = new StringBuilder("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">");
        for (String url : urls) {
            xml.append("<url><loc>").append(url).append("</loc></url>");
        }
        return xml.append("</urlset>").toString().getBytes(UTF_8);
    }

    private int crawl(ExampleWeb web, String example, String... sets) {
        return crawl(example, behind(web, sets));
    }

    private int crawl(String example, String... sets) {
        return scraper(example, List.of("--pages", folder.resolve("pages.jsonl").toString(), "--items",
                folder.resolve("items.jsonl").toString()), sets);
    }

    private static String[] behind(ExampleWeb web, String... sets) {
        return Stream.concat(Stream.of(sets),
                Stream.of("http.proxy=\"" + web.proxy() + "\"", "network.allowedCidrs=[127.0.0.0/8]"))
                .toArray(String[]::new);
    }

    private int scraper(String example, List<String> outputs, String... sets) {
        List<String> words = new ArrayList<>(List.of("crawl", EXAMPLES.resolve(example + ".yaml").toString()));
        words.addAll(outputs);
        words.addAll(List.of("--report", folder.resolve("report.json").toString()));
        for (String set : sets) {
            words.addAll(List.of("--set", set));
        }
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words.toArray(String[]::new));
    }

    /** Of every URL in the pages file, sorted: outcome and reason. */
    private Map<String, String> outcomes() throws IOException {
        Map<String, String> outcomes = new TreeMap<>();
        for (JsonNode page : lines("pages.jsonl")) {
            String reason = page.get("reason").isNull() ? "" : " " + page.get("reason").asString();
            assertThat(outcomes.put(page.get("url").asString(), page.get("outcome").asString() + reason)).isNull();
        }
        return outcomes;
    }

    private List<JsonNode> items() throws IOException {
        return lines("items.jsonl");
    }

    private static List<JsonNode> rule(List<JsonNode> items, String name) {
        return items.stream().filter(item -> item.get("_rule").asString().equals(name)).toList();
    }

    private List<JsonNode> lines(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file)).stream().map(JSON::readTree).toList();
    }

    private JsonNode report() throws IOException {
        return JSON.readTree(Files.readString(folder.resolve("report.json")));
    }
}
