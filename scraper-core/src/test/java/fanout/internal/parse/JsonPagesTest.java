package fanout.internal.parse;

import static fanout.internal.parse.TestPages.html;
import static fanout.internal.parse.TestPages.job;
import static fanout.internal.parse.TestPages.page;
import static fanout.internal.parse.TestPages.parse;
import static fanout.internal.parse.TestPages.urls;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import fanout.internal.parse.PageParser.ParseResult;
import fanout.internal.parse.PageParser.ParseResult.Parsed;
import fanout.internal.parse.PageParser.ParseResult.Unparsed;
import fanout.job.CrawlJob;
import fanout.job.ExtractRule;
import fanout.job.Field;
import fanout.job.FollowRule;
import fanout.job.Limits;
import fanout.job.Reading;
import fanout.job.Selector;
import fanout.outcome.Failure;
import fanout.outcome.Stage;
import fanout.page.Item;
import fanout.page.PageItem;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages that are JSON, and JSON-LD in pages that are not. */
class JsonPagesTest {

    private static final String PRODUCTS = """
            {"items": [
               {"name": "Saw", "price": 1003.50, "tags": ["new", "steel"], "href": "saw.html", "more": {"url": "/m/1"}},
               {"name": "Axe", "price": "ask", "tags": "old", "url": "axe.html", "more": {"url": "/m/2"}},
               {"name": null, "price": 7}],
             "next": "?page=2", "pages": ["?page=2", 5, "?page=3", null], "count": 3}""";

    private static Field.Builder json(String name, String pointer) {
        return Field.select(name, new Selector.Json(pointer));
    }

    private static ExtractRule rule(Optional<Selector> each, Field.Builder... fields) {
        return new ExtractRule("rule", Optional.empty(), Optional.empty(), each,
                Arrays.stream(fields).map(Field.Builder::build).toList());
    }

    private static ExtractRule each(String pointer, Field.Builder... fields) {
        return rule(Optional.of(new Selector.Json(pointer)), fields);
    }

    private static RawPage jsonPage(String json) {
        return page("application/json; charset=iso-8859-1", json.getBytes(UTF_8));
    }

    private static List<Item> items(RawPage page, ExtractRule rule) throws InterruptedException {
        return parse(job().extract(List.of(rule)).build(), page).items();
    }

    private static List<String> links(RawPage page, String pointer, String attr) throws InterruptedException {
        return urls(parse(job().follow(
                List.of(new FollowRule(new Selector.Json(pointer), attr, Optional.empty()))).build(), page));
    }

    @Test
    void eachElementOfAnArrayIsAnItemWithPointersOfItsOwn() throws InterruptedException {
        List<Item> items = items(jsonPage(PRODUCTS), each("/items", json("name", "/name").required(),
                json("price", "/price").type(Reading.Type.NUMBER), json("tags", "/tags").list(),
                json("first", "/tags"), json("link", "/more").attr("url").type(Reading.Type.URL)));

        assertThat(items).extracting(item -> List.copyOf(item.fields()
                .sequencedValues()
                .stream()
                .map(String::valueOf)
                .toList()))
                .containsExactly(List.of("Saw", "1003.5", "[new, steel]", "new", "http://example.org/m/1"),
                        List.of("Axe", "null", "[old]", "old", "http://example.org/m/2"));
    }

    @Test
    void aNumberOfJsonHasAPointWhateverTheJobsMark() throws InterruptedException {
        String page = "{\"n\": 1.234, \"t\": \"1.234\", \"big\": 1e5}";
        Field.Builder[] fields = Arrays.stream(new String[]{"n", "t", "big"})
                .map(name -> json(name, "/" + name).type(Reading.Type.NUMBER).decimal(fanout.job.DecimalMark.COMMA))
                .toArray(Field.Builder[]::new);
        assertThat(items(jsonPage(page), rule(Optional.empty(), fields)).getFirst().fields())
                .containsExactly(Map.entry("n", new BigDecimal("1.234")), Map.entry("t", new BigDecimal("1234")),
                        Map.entry("big", new BigDecimal("100000")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "application/json                       | UTF-8        |              | UTF-8",
        "application/json; charset=iso-8859-1   | UTF-8        |              | UTF-8",
        "application/json                       | windows-1252 |              | windows-1252",
        "application/json; charset=windows-1251 | windows-1251 |              | windows-1251",
        "application/json                       | windows-1251 | windows-1251 | windows-1251",
        "application/json; charset=utf-8        | windows-1251 | windows-1251 | windows-1251"})
    void jsonIsUtf8UnlessItIsNotValidAsSuch(String type, String encoding, @Nullable String override, String charset)
            throws InterruptedException {
        String letter = encoding.equals("windows-1251") ? "ж" : "ä";
        RawPage page = page(type, ("{\"name\": \"S" + letter + "ge\"}").getBytes(Charset.forName(encoding)));
        CrawlJob.Builder job = job().extract(List.of(rule(Optional.empty(), json("name", "/name"))));
        Parsed parsed = parse((override == null ? job : job.charset(override)).build(), page);
        assertThat(parsed.items().getFirst().fields()).containsEntry("name", "S" + letter + "ge");
        assertThat(parsed.content().charset()).contains(charset);
    }

    @Test
    void jsonLdInATemplateIsNotThePages() throws InterruptedException {
        String block = "<script type=application/ld+json>{\"@type\": \"Product\", \"name\": \"%s\"}</script>";
        RawPage page = html("<div><template>%s</template></div>%s".formatted(block.formatted("${name}"),
                block.formatted("Saw")));
        assertThat(items(page, rule(Optional.empty(), json("name", "/name")))).singleElement()
                .satisfies(item -> assertThat(item.fields()).containsEntry("name", "Saw"));
    }

    @Test
    void jsonIsUtf8WithoutTitleOrElements() throws InterruptedException {
        RawPage page = page("application/problem+json", "\ufeff{\"name\": \"Säge\"}".getBytes(UTF_8));
        Parsed parsed = parse(job().extract(List.of(rule(Optional.empty(), json("name", "/name"),
                Field.select("body", new Selector.Css("body p")), Field.select("any", new Selector.XPath("//p")))))
                .build(), page);
        assertThat(parsed.items().getFirst().fields()).containsEntry("name", "Säge")
                .containsEntry("body", null)
                .containsEntry("any", null);
        assertThat(parsed.content().charset()).contains("UTF-8");
        assertThat(parsed.content().title()).isEmpty();
        assertThat(parsed.links()).isEmpty();
    }

    @Test
    void linksAreStringsArraysOfThemOrMembersOfObjects() throws InterruptedException {
        RawPage page = jsonPage(PRODUCTS);
        assertThat(links(page, "/next", "href")).containsExactly("http://example.org/dir/page.html?page=2");
        assertThat(links(page, "/pages", "href")).containsExactly("http://example.org/dir/page.html?page=2",
                "http://example.org/dir/page.html?page=3");
        assertThat(links(page, "/items", "href")).containsExactly("http://example.org/dir/saw.html");
        assertThat(links(page, "/items", "url")).containsExactly("http://example.org/dir/axe.html");
        assertThat(links(page, "/items", "/more/url")).containsExactly("http://example.org/m/1",
                "http://example.org/m/2");
        assertThat(links(page, "/none", "href")).isEmpty();
        assertThat(links(page, "/items", "price")).as("numbers, and a word")
                .containsExactly(
                        "http://example.org/dir/ask");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/vnd.api+json", "text/json"})
    void malformedJsonIsAFailureWithLineAndColumn(String type) throws InterruptedException {
        ParseResult result = TestPages.result(job().build(), page(type, "{\"a\": 1,\n \"b\" 2}".getBytes(UTF_8)));
        assertThat(result).isInstanceOfSatisfying(Unparsed.class,
                failed -> assertThat(failed.failure()).isInstanceOfSatisfying(Failure.Parse.class,
                        parse -> assertThat(parse.detail()).startsWith("not JSON: line 2, column 6: ")));
    }

    @Test
    void elementsInJsonAreRefusedWhenTheRuleIsMade() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> each("/items", Field.select("title", new Selector.Css("h1"))))
                .withMessage(
                        "extract.fields.title selects an element, but each takes JSON, which holds no elements; "
                                + "use json");
    }

    @Test
    void theReasonForAMissingValueSaysWhatIsThere() throws InterruptedException {
        List<PageItem> found = new ArrayList<>();
        ExtractRule rule =
                rule(Optional.empty(), json("count", "/count"), json("object", "/items"), json("none", "/none"),
                        json("member", "/items").attr("none"));
        TestPages.result(job().extract(List.of(rule)).build(), jsonPage(PRODUCTS),
                (page, _) -> found.addAll(page.items()));
        assertThat(found.getFirst().missing()).containsExactly(
                Map.entry("object", "it is an object, which has no text"),
                Map.entry("none", "no match"), Map.entry("member", "no member \"none\""));
    }

    @Test
    void theDeadlineEndsTheReadingOfJson() throws InterruptedException {
        String large = "[" + "[1],".repeat(200_000) + "1]";
        for (RawPage page : List.of(jsonPage(large),
                html("<script type='application/ld+json'>" + large + "</script>"))) {
            Limits limits = Limits.DEFAULT.toBuilder().requestTimeout(Duration.ofNanos(1)).build();
            ParseResult result = TestPages.result(
                    job().limits(limits).extract(List.of(rule(Optional.empty(), json("v", "/x")))).build(), page);
            assertThat(result).isInstanceOfSatisfying(Unparsed.class, late -> assertThat(late.failure())
                    .isInstanceOfSatisfying(Failure.TimedOut.class, timedOut -> assertThat(timedOut.stage())
                            .isEqualTo(Stage.PARSE)));
        }
    }
}
