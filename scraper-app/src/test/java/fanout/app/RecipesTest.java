package fanout.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.Docs.Block;
import fanout.app.demo.DemoShop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The jobs of docs/recipes.md do what the page says, each on a site that fits it. */
@Timeout(60)
class RecipesTest {

    private static final String SITE = "http://www.example.org";
    private static final String API = "http://api.example.org/products";

    @TempDir
    private Path folder;

    private CommandRun command;

    @BeforeEach
    void prepare() {
        command = new CommandRun(folder);
    }

    private static String job(String name) throws IOException {
        return Block.of(Docs.ROOT.resolve("docs/recipes.md"))
                .stream()
                .map(Block::text)
                .filter(text -> text.startsWith("name: " + name + "\n"))
                .findFirst()
                .orElseThrow()
                .replace("${SHOP_PASSWORD}", "secret");
    }

    private int crawl(ExampleWeb web, String name, String... sets) throws IOException {
        List<String> options = new ArrayList<>();
        Stream.concat(Stream.of(sets), Stream.of("http.proxy=\"" + web.proxy() + "\"",
                "network.allowedCidrs=[127.0.0.0/8]", "politeness.delay=10ms"))
                .forEach(set -> options.addAll(List.of("--set", set)));
        if (job(name).contains("links:")) {
            options.addAll(List.of("--set", "output.links=" + folder.resolve("links.jsonl")));
        }
        return command.crawl(job(name), options.toArray(String[]::new));
    }

    @Test
    void selectedElementsBecomeMarkdownAndText() throws IOException {
        try (ExampleWeb web = new ExampleWeb()) {
            web.page(SITE + "/", "<div class=entry><h2>A</h2><p>b <a href=c>c</a></div><p>other")
                    .page(SITE + "/c", "<p>no entry");

            assertThat(crawl(web, "entries", "startUrls=[" + SITE + "/]")).isZero();

            assertThat(command.lines("items.jsonl"))
                    .containsExactly("{\"_url\":\"" + SITE + "/\",\"_rule\":\"entries\","
                            + "\"markdown\":\"## A\\n\\nb [c](" + SITE + "/c)\",\"plain\":\"A\\n\\nb c\"}");
        }
    }

    @Test
    void deadLinksAreNamedWithThePageThatHasThem() throws IOException {
        try (ExampleWeb web = new ExampleWeb()) {
            web.page(SITE + "/", "<a href='/a.html'>a</a><a rel=nofollow href='/dead.html'>b</a>")
                    .page(SITE + "/a.html", "<a href='http://other.example.net/'>other</a>"
                            + "<a href='http://other.example.net/fine'>fine</a>")
                    .page("http://other.example.net/fine", "<a href='/never'>never</a>");

            assertThat(crawl(web, "link-check", "startUrls=[" + SITE + "/]")).as("more than 1 % failed").isEqualTo(4);

            List<String> failed = command.lines("pages.jsonl")
                    .stream()
                    .filter(line -> line.contains("\"outcome\":\"failed\""))
                    .sorted()
                    .toList();
            assertThat(failed).hasSize(2);
            assertThat(failed.getFirst()).contains("\"url\":\"http://other.example.net/\"", "\"external\":true");
            assertThat(failed.getLast()).doesNotContain("external")
                    .contains("\"url\":\"" + SITE + "/dead.html\"", "\"status\":404", "\"referrer\":\"" + SITE + "/\"");
            assertThat(command.lines("pages.jsonl")).as("nothing is followed there")
                    .noneMatch(line -> line.contains("/never"));
            assertThat(command.lines("links.jsonl")).hasSize(4);
        }
    }

    @Test
    void siteWithoutDeadLinksEndsWithZero() throws IOException {
        try (ExampleWeb web = new ExampleWeb()) {
            web.page(SITE + "/", "<a href='/a.html'>a</a>").page(SITE + "/a.html", "");

            assertThat(crawl(web, "link-check", "startUrls=[" + SITE + "/]")).as(command.err()).isZero();
        }
    }

    @Test
    void titlesAndWhatIsMissingAreInTheAudit() throws IOException {
        try (ExampleWeb web = new ExampleWeb()) {
            web.page(SITE + "/", """
                    <title>Home</title><meta name=description content="All of it"><link rel=canonical href="/">
                    <link rel=alternate hreflang=de href="/de"><h1>One</h1><h1>Two</h1><img src="x.png">
                    <img src="y.png" alt=""><a href="/?sort=up">sorted</a>""");

            assertThat(crawl(web, "seo", "startUrls=[" + SITE + "/]")).as(command.err()).isZero();

            assertThat(command.rows("items.jsonl")).singleElement().satisfies(item -> {
                assertThat(item.get("title").asString()).isEqualTo("Home");
                assertThat(item.get("canonical").asString()).isEqualTo(SITE + "/");
                assertThat(item.get("robots").isNull()).isTrue();
                assertThat(item.get("h1")).hasToString("[\"One\",\"Two\"]");
                assertThat(item.get("languages")).hasToString("[\"de\"]");
                assertThat(item.get("imagesWithoutAlt")).hasToString("[\"x.png\"]");
            });
        }
    }

    @Test
    void nightWithFewerProductsThanWantedEndsWithSix() throws IOException {
        try (ExampleWeb web = new ExampleWeb()) {
            web.page(SITE + "/", "<a class=category href='/c'>c</a>")
                    .page(SITE + "/c", "<article class=product><a href='/product/1'>1</a></article>")
                    .page(SITE + "/product/1", "<h1>Saw</h1><b class=price>12.50</b>");

            assertThat(crawl(web, "nightly", "startUrls=[" + SITE + "/]")).as(command.err()).isEqualTo(6);

            assertThat(command.rows("items.jsonl")).singleElement()
                    .satisfies(item -> assertThat(item.get("price").asDouble()).isEqualTo(12.5));
            assertThat(command.err()).contains("expect.minPages: 3 pages, wanted at least 100",
                    "expect.minItems: 1 item, wanted at least 50").doesNotContain("expect.filled");
        }
    }

    @Test
    void listOfTheApiIsReadToItsEnd() throws IOException {
        try (ExampleWeb web = new ExampleWeb()) {
            web.file(API, "application/json", """
                    {"items": [{"name": "Saw", "price": 12.5}, {"price": 3}], "next": "%s?page=2"}"""
                    .formatted(API)
                    .getBytes(UTF_8))
                    .file(API + "?page=2", "application/json",
                            "{\"items\": [{\"name\": \"Axe\", \"price\": 30}]}".getBytes(UTF_8));

            assertThat(crawl(web, "products-api", "startUrls=[" + API + "]",
                    "http.headers={Authorization: \"Bearer token\"}")).as(command.err()).isZero();

            assertThat(command.rows("items.jsonl")).extracting(item -> item.get("title").asString())
                    .containsExactly("Saw", "Axe");
            assertThat(command.report().at("/itemsDropped").asInt()).as("an item without a name").isEqualTo(1);
        }
    }

    @Test
    void searchOfTheDemoShopIsReadToItsEnd() throws IOException {
        try (DemoShop shop = DemoShop.open(0)) {
            List<String> sets = List.of("--set", "startUrls=[\"" + shop.origin() + "/search?q=set\"]", "--set",
                    "politeness.delay=1ms");

            int code = command.crawl(job("shop-search"), sets.toArray(String[]::new));

            assertThat(code).as(command.err()).isZero();
            List<JsonNode> items = command.rows("items.jsonl");
            assertThat(items).extracting(item -> item.get("title").asString())
                    .doesNotHaveDuplicates()
                    .contains("Roller set")
                    .hasSizeGreaterThan(5);
            int pages = Math.ceilDiv(items.size(), 5);
            assertThat(items.getLast().get("page").asInt()).isEqualTo(pages);
            assertThat(shop.requests("/search")).as("the page behind the last one, too").isEqualTo(pages + 1);
        }
    }

    @Test
    void jobLogsInWithTheHiddenField() throws IOException {
        String shop = "http://shop.example.org";
        try (ExampleWeb web = new ExampleWeb()) {
            web.page(shop + "/login",
                    "<form id=login method=post><input type=hidden name=csrf value=n1></form>")
                    .post(shop + "/login", "csrf=n1&user=ann&password=secret", "<a class=logout>x</a>")
                    .page(shop + "/orders", "<title>orders</title><a href='/logout'>x</a><a href='/orders/1'>1</a>")
                    .page(shop + "/orders/1", "<title>order</title>");

            assertThat(crawl(web, "orders", "startUrls=[" + shop + "/orders]")).as(command.err()).isZero();

            assertThat(command.rows("pages.jsonl")).extracting(page -> page.get("url").asString())
                    .containsExactlyInAnyOrder(shop + "/orders", shop + "/orders/1");
            assertThat(web.requested()).filteredOn(url -> url.contains("/login"))
                    .containsExactly(shop + "/login", "POST " + shop + "/login csrf=n1&user=ann&password=secret");
        }
    }
}
