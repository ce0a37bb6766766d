package fanout.app;

import static java.util.Map.entry;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import fanout.app.demo.DemoShop;
import fanout.synthetic.Latency;
import fanout.synthetic.SyntheticWeb;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs each file of {@code examples/} as it stands, against a site that fits it. What a test changes, it changes as a
 * user would, by options: where to begin, a proxy behind which the named hosts are, where to write, and a shorter delay
 * where the delay is not the point.
 */
@Timeout(60)
class ExamplesTest {

    private static final String QUICK = "politeness.delay=10ms";
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    private ExampleRun run;

    @BeforeEach
    void prepare() {
        run = new ExampleRun(folder);
    }

    @Test
    void theWholeSiteIsCrawledWithinItsLimits() throws IOException {
        String site = ExampleSites.SITE;
        try (ExampleWeb web = new ExampleWeb()) {
            ExampleSites.wholeSite(web);
            long start = System.nanoTime();

            int code = run.crawl(web, "whole-site", "startUrls=[" + site + "/]", QUICK, "retries.backoff=10ms");

            assertThat(code).as(run.said()).isZero();
            assertThat(run.outcomes()).containsExactly(
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

            assertThat(run.crawl(web, "whole-site", "startUrls=[" + site + "/]", QUICK, "limits.maxPages=3")).isZero();
            assertThat(run.outcomes().values().stream().filter("ok"::equals)).hasSize(3);
            assertThat(run.report().at("/finishReason").asString()).isEqualTo("maxPages");
        }
    }

    @Test
    void theCatalogueYieldsEveryProductAndLeavesTheRestAlone() throws IOException {
        JsonNode shelves;
        try (InputStream catalogue = DemoShop.class.getResourceAsStream("catalogue.json");
                DemoShop shop = DemoShop.open(0)) {
            shelves = JSON.readTree(catalogue);

            int code = run.crawl("catalogue", "startUrls=[{url: \"" + shop.origin() + "/\", label: list}]",
                    "network.allowedCidrs=[127.0.0.0/8]", QUICK);

            assertThat(code).as(run.said()).isZero();
            assertThat(run.outcomes().values()).containsOnly("ok");
            assertThat(run.outcomes().keySet()).containsExactlyInAnyOrderElementsOf(shop.pages()
                    .stream()
                    .filter(url -> url.equals(shop.origin() + "/") || url.matches(".*/(catalogue|products)/.*"))
                    .toList());
            assertThat(shop.requests("/help/")).isZero();
            assertThat(shop.requests("/checkout/basket.html")).isZero();

            List<JsonNode> products = run.items("products");
            List<JsonNode> expected = shelves.findValues("products")
                    .stream()
                    .flatMap(shelf -> shelf.valueStream())
                    .toList();
            assertThat(products).hasSize(expected.size())
                    .extracting(item -> item.get("title").asString(), item -> item.get("price").asDouble(),
                            item -> item.get("stock").asInt(), item -> item.get("tags"))
                    .containsExactlyInAnyOrderElementsOf(expected.stream()
                            .map(product -> tuple(product.get("title").asString(),
                                    product.get("price").asDouble(), product.get("stock").asInt(), product.get("tags")))
                            .toList());
            assertThat(products).allMatch(item -> item.get("image")
                    .asString()
                    .startsWith(shop.origin() + "/icons/") && !item.get("about").asString().isBlank());
            assertThat(run.items("shelves")).allMatch(item -> !item.get("products").isEmpty())
                    .hasSize(run.outcomes().size() - expected.size());
        }
    }

    @Test
    void onlyWhatTheSitemapListsIsFetched() throws IOException {
        String site = ExampleSites.SITE;
        try (ExampleWeb web = new ExampleWeb()) {
            ExampleSites.listed(web);

            int code = run.crawlToCsv(web, "sitemap-only", "sitemaps=[" + site + "/sitemap.xml]", QUICK);

            assertThat(code).as(run.said()).isZero();
            assertThat(web.requested()).containsExactlyInAnyOrder(site + "/robots.txt", site + "/sitemap.xml",
                    site + "/one.xml", site + "/two.xml.gz", site + "/a.html", site + "/b.html");
            assertThat(run.lines("pages.csv")).hasSize(3)
                    .anyMatch(line -> line.startsWith(site + "/a.html,ok,"))
                    .anyMatch(line -> line.startsWith(site + "/b.html,ok,"));
            assertThat(run.lines("items.csv")).containsExactlyInAnyOrder(
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
            ExampleSites.manyHosts(web);
            long start = System.nanoTime();

            int code = run.crawl(web, "polite-many-hosts",
                    "startUrls=[" + String.join(", ", delays.keySet().stream().map(h -> "http://" + h + "/").toList())
                            + "]");

            assertThat(code).as(run.said()).isZero();
            assertThat(run.outcomes()).containsExactly(
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

            int code = run.crawl("fast-intranet", "startUrls=[\"" + web.urlOf(0, 0) + "\"]");

            assertThat(code).as(run.said()).isZero();
            assertThat(run.outcomes())
                    .isEqualTo(web.expectedPages(0).keySet().stream().collect(toMap(url -> url, _ -> "ok")));
            assertThat(web.arrivalCount()).as("one request a page, none for robots.txt")
                    .isEqualTo(run.outcomes().size());
            assertThat(web.maxConcurrent()).isBetween(3, 64);
        }
    }

    @Test
    void newsAreReadWithoutTheirCommentsAndWhatIsNotToBeFollowed() throws IOException {
        String site = ExampleSites.NEWS;
        String article = ExampleSites.ARTICLE;
        try (ExampleWeb web = new ExampleWeb()) {
            ExampleSites.news(web);

            int code = run.crawl(web, "news", "startUrls=[" + site + "/]", QUICK);

            assertThat(code).as(run.said()).isZero();
            Set<String> pages = Set.of(site + "/", site + "/section/town", site + "/section/closed", article,
                    ExampleSites.WITHOUT_HEADLINE);
            assertThat(run.outcomes()).isEqualTo(pages.stream().collect(toMap(url -> url, _ -> "ok")));
            assertThat(web.requested()).hasSize(pages.size() + 1).contains(site + "/robots.txt").containsAll(pages);
            assertThat(run.items()).hasSize(1);
            ObjectNode item = (ObjectNode) run.items().getFirst();
            assertThat(item.remove("html").asString()).startsWith("<article>").contains("<b>open</b>");
            assertThat(item).isEqualTo(JSON.readTree("""
                    {"_url": "%s", "_rule": "articles", "headline": "A bridge", "author": "A. Writer",
                    "published": "2026-11-24", "section": "Town", "paragraphs": ["It is open.", "Since today."],
                    "picture": "%s/2026/11/bridge.jpg"}""".formatted(article, site)));
            assertThat(run.report().at("/itemsDropped").asInt()).as("an article without a headline").isEqualTo(1);
        }
    }

    @Test
    void textForAModelIsThatOfThePagesAlone() throws IOException {
        String site = "http://docs.example.org";
        try (ExampleWeb web = new ExampleWeb()) {
            ExampleSites.documentation(web, site);

            int code = run.crawl(web, "model-text", "startUrls=[" + site + "/]", QUICK);

            assertThat(code).as(run.said()).isZero();
            assertThat(run.items()).hasSize(2);
            assertThat(run.items().stream().filter(item -> item.get("_url").asString().endsWith("install")))
                    .singleElement()
                    .isEqualTo(JSON.readTree(
                            """
                                    {"_url": "%s/install", "_rule": "text", "title": "Install it", "markdown":
                                    "# Install it\\n\\nTake the [archive](%s/archive) of your system:\\n\\n\
                                    | System | File |\\n| --- | --- |\\n| Debian | `a.deb` |\\n\\n```sh\\napt install ./a.deb\\n```",
                                    "author": "A. Writer", "published": "2026-11-24"}"""
                                    .formatted(site, site)));
        }
    }

    @Test
    void theSearchFormIsSentOnceAndItsResultsAreRead() throws IOException {
        String site = ExampleSites.SITE;
        String found = site + "/search?utf8=%E2%9C%93&q=garden+hose&shelf=7&stock=1&go=1&token=t1";
        try (ExampleWeb web = new ExampleWeb()) {
            ExampleSites.search(web);

            int code = run.crawl(web, "search-form", "startUrls=[" + site + "/]", QUICK);

            assertThat(code).as(run.said()).isZero();
            assertThat(web.requested()).as("the form of each page makes the same request")
                    .containsExactlyInAnyOrder(site + "/robots.txt", site + "/", found, site + "/search?page=2&id=5",
                            site + "/a.html", site + "/b.html", site + "/c.html");
            assertThat(run.items("things")).extracting(item -> item.get("title").asString(),
                    item -> item.get("price").toString(), item -> item.get("found").asString())
                    .containsExactlyInAnyOrder(tuple("A hose", "12.25", found),
                            tuple("A reel", "null", found),
                            tuple("A pump", "99", site + "/search?page=2&id=5"));
            assertThat(run.items("results")).extracting(item -> item.get("total").asInt()).containsExactly(3, 3);
        }
    }

    @Test
    void aListIsReadToItsEndByItsButton() throws IOException {
        String list = "http://register.example.org/list.aspx";
        int pages = 25;
        try (ExampleWeb web = new ExampleWeb()) {
            ExampleSites.register(web, list, pages);

            int code = run.crawl(web, "postback-paging", "startUrls=[{url: \"" + list + "\", label: list}]", QUICK);

            assertThat(code).as(run.said()).isZero();
            assertThat(web.requested()).as("each page once, and robots.txt").hasSize(pages + 1).doesNotHaveDuplicates();
            assertThat(run.items()).extracting(item -> item.get("number").asInt())
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, 2 * pages).boxed().toList());
            assertThat(run.items().getLast().get("page").asInt()).isEqualTo(pages);
            assertThat(run.report().at("/follow/0/links").asInt()).isEqualTo(pages - 1);
        }
    }

    /**
     * Holds however late the server noticed a request: the n-th was written at least n delays after the first, which
     * was not written before the crawl began.
     */
    private static void assertNeverEarly(List<ExampleWeb.Arrival> arrivals, Duration delay, long start) {
        assertThat(arrivals).hasSizeGreaterThan(1);
        assertThat(IntStream.range(0, arrivals.size())).allSatisfy(n -> assertThat(
                Duration.ofNanos(arrivals.get(n).nanoTime() - start)).as(arrivals.get(n).url())
                .isGreaterThanOrEqualTo(delay.multipliedBy(n)));
    }
}
