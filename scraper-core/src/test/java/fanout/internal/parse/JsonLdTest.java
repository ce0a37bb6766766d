package fanout.internal.parse;

import static fanout.internal.parse.TestPages.html;
import static fanout.internal.parse.TestPages.job;
import static fanout.internal.parse.TestPages.page;
import static fanout.internal.parse.TestPages.parse;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.job.ExtractRule;
import fanout.job.Field;
import fanout.job.FollowRule;
import fanout.job.Reading;
import fanout.job.Selector;
import fanout.page.PageItem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of a page's JSON-LD the fields of a rule are read from. */
class JsonLdTest {

    private static final String SHOP = "{\"@type\": \"Organization\", \"name\": \"Shop\", \"url\": \"/about\"}";
    private static final String SAW =
            "{\"@type\": \"Product\", \"name\": \"Saw\", \"sku\": \"S\", \"offers\": [{\"price\": 12.5}, {\"price\": "
                    + "13}]}";
    private static final String AXE = "{\"@type\": \"Product\", \"name\": \"Axe\", \"url\": \"/axe\"}";

    private static String blocks(String... blocks) {
        return "<title>t</title>" + Arrays.stream(blocks)
                .map(block -> "<script type='application/ld+json'>" + block + "</script>")
                .collect(Collectors.joining());
    }

    private static Field json(String name, String pointer) {
        return Field.select(name, new Selector.Json(pointer)).build();
    }

    private static Field of(String type, String name, String pointer) {
        return Field.select(name, new Selector.Json(pointer, Optional.of(type))).build();
    }

    private static Field required(Field field) {
        return new Field(field.name(), field.source(), true);
    }

    private static ExtractRule rule(Field... fields) {
        return new ExtractRule("rule", Optional.empty(), Optional.empty(), Optional.empty(), Arrays.asList(fields));
    }

    private static ExtractRule each(Selector each, Field... fields) {
        return new ExtractRule("rule", Optional.empty(), Optional.empty(), Optional.of(each), Arrays.asList(fields));
    }

    private static List<String> items(RawPage page, ExtractRule rule) throws InterruptedException {
        return parse(job().extract(List.of(rule)).build(), page).items()
                .stream()
                .map(item -> new LinkedHashMap<>(item.fields()).toString())
                .toList();
    }

    private static Map<String, String> missing(RawPage page, ExtractRule rule) throws InterruptedException {
        List<PageItem> found = new ArrayList<>();
        TestPages.result(job().extract(List.of(rule)).build(), page, (asked, _) -> found.addAll(asked.items()));
        return found.getFirst().missing();
    }

    @Test
    void fieldsOfARuleAreNeverMixedOfTwoBlocks() throws InterruptedException {
        ExtractRule rule = rule(json("name", "/name"), json("sku", "/sku"), json("url", "/url"));

        assertThat(items(html(blocks(SHOP, SAW)), rule)).as("two of three each: the first")
                .containsExactly("{name=Shop, sku=null, url=/about}");
        assertThat(items(html(blocks(SHOP, "{\"name\": \"Bow\", \"sku\": 1, \"url\": \"/b\"}")), rule)).as("the most")
                .containsExactly("{name=Bow, sku=1, url=/b}");
        assertThat(items(html(blocks(SHOP, "{\"name\": \"Bow\", \"sku\": \" \", \"url\": \"/b\"}")), rule))
                .as("an empty text is not had")
                .containsExactly("{name=Shop, sku=null, url=/about}");
    }

    @Test
    void theFirstBlockWithAllRequiredFieldsIsRead() throws InterruptedException {
        ExtractRule rule = rule(json("name", "/name"), required(json("sku", "/sku")), json("url", "/url"));
        String graph = "{\"@graph\": [" + SHOP + ", [" + SAW + ", {\"name\": \"Bow\", \"sku\": 1, \"url\": \"/b\"}]]}";

        assertThat(items(html(blocks(SHOP, graph)), rule)).containsExactly("{name=Saw, sku=S, url=null}");
        assertThat(parse(job().extract(List.of(rule)).build(), html(blocks(SHOP, AXE))).content().itemsDropped())
                .isEqualTo(1);
    }

    @Test
    void objectsInAnItemAreReadFromTheSameBlock() throws InterruptedException {
        Field prices = new Field("prices", new Field.Nested(Optional.of(new Selector.Json("/offers")),
                List.of(json("price", "/price"), of("Organization", "shop", "/name"))), true);
        Field object = new Field("o", new Field.Nested(Optional.empty(), List.of(json("name", "/name"))), false);
        Field inEach = new Field("p", new Field.Nested(Optional.of(new Selector.Css("p")),
                List.of(json("sku", "/sku"), Field.select("text", new Selector.Css("p")).build())), false);

        assertThat(items(html(blocks(SHOP, SAW) + "<p>1<p>2"), rule(prices, object, inEach))).containsExactly(
                "{prices=[{price=12.5, shop=Shop}, {price=13, shop=Shop}], o={name=Saw}, "
                        + "p=[{sku=S, text=1}, {sku=S, text=2}]}");
    }

    /** What an entry of a list requires decides about that entry, and not about the block. */
    @Test
    void aRequiredFieldInAListChoosesNoBlock() throws InterruptedException {
        String first = "{\"@type\": \"Product\", \"sku\": \"F\"}";
        Field inEach = new Field("p", new Field.Nested(Optional.of(new Selector.Css("p")),
                List.of(required(json("sku", "/sku")))), true);
        Field object = new Field("o", new Field.Nested(Optional.empty(), List.of(required(json("sku", "/sku")))), true);

        assertThat(items(html(blocks(first, SAW) + "<p>1"), rule(inEach, json("name", "/name"))))
                .as("the most fields")
                .containsExactly("{p=[{sku=S}], name=Saw}");
        assertThat(items(html(blocks(first, SAW)), rule(object, json("name", "/name"))))
                .as("all that is required")
                .containsExactly("{o={sku=F}, name=null}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Product                    | "Product"
            Product                    | ["Thing", "Product"]
            Product                    | "https://schema.org/Product"
            Product                    | "http://www.schema.org/Product"
            Product                    | "schema:Product"
            https://schema.org/Product | "Product"
            schema:Product             | "http://schema.org/Product"
            urn:x:Product              | "urn:x:Product"
            """)
    void aTypeMayBeWrittenInSeveralWays(String asked, String written) throws InterruptedException {
        String node = "{\"@type\": " + written + ", \"name\": \"found\"}";
        for (String block : List.of(node, "[[" + SHOP + "], [" + node + "]]", "{\"@graph\": [" + node + "]}",
                "{\"@graph\": " + node + "}", "{\"@graph\": [{\"@graph\": [" + node + "]}]}")) {
            assertThat(items(html(blocks(SHOP, block)), rule(of(asked, "v", "/name")))).as(block)
                    .containsExactly("{v=found}");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Product       | "product"
            Product       | "Products"
            Product       | "https://example.org/Product"
            urn:x:Product | "Product"
            Product       | 5
            Product       | {"name": "Product"}
            """)
    void otherTypesAreOthers(String asked, String written) throws InterruptedException {
        String block = "{\"@type\": " + written + ", \"name\": \"found\"}";
        assertThat(items(html(blocks(block, "\"Product\"", "{\"x\": " + SAW + "}")), rule(of(asked, "v", "/name"))))
                .isEmpty();
    }

    @Test
    void fieldsOfATypeComeFromOneNodeOfIt() throws InterruptedException {
        RawPage page = html(blocks(SHOP, AXE, SAW));

        assertThat(items(page, rule(of("Product", "name", "/name"), of("Product", "sku", "/sku"),
                of("Organization", "shop", "/name"), json("any", "/url"))))
                .containsExactly("{name=Saw, sku=S, shop=Shop, any=/about}");
        assertThat(items(page, rule(required(of("Product", "name", "/name")), of("Product", "sku", "/sku"))))
                .as("the first that has what is required")
                .containsExactly("{name=Axe, sku=null}");
    }

    @Test
    void eachAndFollowMayHaveATypeAndTakeAllOfIt() throws InterruptedException {
        RawPage page = html(blocks(SHOP, AXE, SAW));

        assertThat(items(page, each(new Selector.Json("", Optional.of("Product")), json("name", "/name"),
                of("Organization", "shop", "/name"))))
                .containsExactly("{name=Axe, shop=Shop}", "{name=Saw, shop=Shop}");
        Field list = new Field("all", new Field.Nested(Optional.of(new Selector.Json("", Optional.of("Product"))),
                List.of(json("name", "/name"))), false);
        assertThat(items(page, rule(list, of("Product", "sku", "/sku"))))
                .containsExactly("{all=[{name=Axe}, {name=Saw}], sku=S}");
        assertThat(TestPages.urls(parse(job().follow(List.of(new FollowRule(
                new Selector.Json("/url", Optional.of("Product")), "href", Optional.empty()))).build(), page)))
                .containsExactly("http://example.org/axe");
    }

    /** An item for each element, of the page's JSON-LD wherever that stands. */
    @Test
    void eachNarrowsCssAndXPathAndNotJsonLd() throws InterruptedException {
        String html = "<article><h2>1</h2></article><article><h2>2</h2>" + blocks(SAW) + "</article>";
        for (Selector each : List.of(new Selector.Css("article"), new Selector.XPath("//article"))) {
            assertThat(items(html(html), each(each, Field.select("title", new Selector.Css("h2")).build(),
                    json("name", "/name"), of("Product", "sku", "/sku"))))
                    .containsExactly("{title=1, name=Saw, sku=S}", "{title=2, name=Saw, sku=S}");
        }
    }

    @Test
    void aPageThatIsJsonIsTheOneBlock() throws InterruptedException {
        RawPage page = page("application/ld+json", ("{\"n\": 1, \"@graph\": [" + SHOP + ", " + SAW + "]}")
                .getBytes(UTF_8));
        assertThat(items(page, rule(json("n", "/n"), json("name", "/name"), of("Product", "sku", "/sku"),
                json("shop", "/@graph/0/name")))).containsExactly("{n=1, name=null, sku=S, shop=Shop}");
    }

    /** A site that has taken a block out by a comment does not mean it. */
    @Test
    void aBlockInACommentIsNone() throws InterruptedException {
        String commented = "<!-- " + blocks(SAW) + " -->";
        ExtractRule rule = rule(Field.select("t", new Selector.Css("title")).build(), of("Product", "sku", "/sku"));
        assertThat(items(html(commented + blocks()), rule)).containsExactly("{t=t, sku=null}");
        assertThat(missing(html(commented + blocks(SHOP)), rule))
                .containsExactly(Map.entry("sku", "no JSON-LD of type Product: the page has Organization"));
    }

    @Test
    void whatIsNotThereHasAReasonThatSaysWhatIs() throws InterruptedException {
        Field title = Field.select("t", new Selector.Css("title")).build();
        ExtractRule rule = rule(title, of("Offer", "a", "/price"), of("Product", "b", "/none"), json("c", "/sku"),
                json("d", "/url"), json("e", "/none"));

        assertThat(missing(html(blocks(SHOP, SAW, "{\"x\": }")), rule)).containsExactly(
                Map.entry("a",
                        "no JSON-LD of type Offer: the page has Organization, Product, and a block that was left "
                                + "out: not JSON: line 1, column 7: Unexpected character ('}' (code 125)): expected a "
                                + "value"),
                Map.entry("b", "no match in the JSON-LD of type Product"),
                Map.entry("c",
                        "no match in the JSON-LD of Organization, which the rule reads; it is in that of Product: "
                                + "say which one by jsonld"),
                Map.entry("e", "no match in the JSON-LD of Organization"));
        assertThat(missing(html(blocks()), rule(title, of("Offer", "a", "/price"), json("c", "/sku"))))
                .containsExactly(Map.entry("a", "no JSON-LD of type Offer: the page has no JSON-LD"),
                        Map.entry("c", "no match: the page has no JSON-LD"));
        assertThat(missing(html(blocks("{\"x\": }", "{\"x\": }")), rule(title, of("Offer", "a", "/price"))))
                .hasEntrySatisfying("a", why -> assertThat(why).startsWith("no JSON-LD of type Offer: the page has no "
                        + "JSON-LD, and 2 blocks that were left out, the first: not JSON: line 1, column 7: "));
        assertThat(missing(html(blocks("{\"x\": 1}")), rule(title, of("Offer", "a", "/price"))))
                .containsExactly(Map.entry("a", "no JSON-LD of type Offer: the page's JSON-LD has no @type"));
        assertThat(missing(html(blocks(SHOP)), each(new Selector.Json("/offers"), json("p", "/price"))))
                .containsExactly(Map.entry("each", "each: no match in the page's JSON-LD: the page has Organization"));
        assertThat(missing(html("<p>x"), each(new Selector.XPath("//p/text()"), title))).containsExactly(Map.entry(
                "each", "each picks texts or attributes, in which there is nothing to look; pick elements"));
    }

    @Test
    void aHundredThousandBlocksAndFieldsTakeNoQuadraticTime() throws InterruptedException {
        String many = Stream.generate(() -> "{}").limit(100_000).collect(Collectors.joining(",", "[", "]"));
        Field number = Field.select("v", new Selector.Json("/v", Optional.of("X"))).type(Reading.Type.NUMBER).build();
        assertThat(items(html(blocks(many) + "<i>x</i>".repeat(5_000)), each(new Selector.Css("i"),
                Field.select("text", new Selector.Css("i")).build(), number, json("w", "/w")))).hasSize(5_000);
    }
}
