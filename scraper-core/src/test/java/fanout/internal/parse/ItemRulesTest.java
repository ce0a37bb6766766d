package fanout.internal.parse;

import static fanout.internal.parse.TestPages.html;
import static fanout.internal.parse.TestPages.job;
import static fanout.internal.parse.TestPages.page;
import static fanout.internal.parse.TestPages.parse;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.parse.PageParser.ParseResult.Parsed;
import fanout.job.ExtractRule;
import fanout.job.Field;
import fanout.job.Reading;
import fanout.job.Selector;
import fanout.page.Item;
import fanout.url.TextPattern;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ItemRulesTest {

    private static final String SHOP =
            """
                    <base href="/shop/"><title>Shop</title>
                    <article class=product id=p1><h3><a title="First  one" href="a.html">First</a></h3><p class=price>$ 12.50</p>
                    <i class=tag>new</i><i class=tag> big  one </i></article>
                    <article class=product id=p2><h3><a title="Second" href="b.html">Second</a></h3><p class=price>ask</p></article>
                    <article class=product id=p3><p class=price>7</p></article>
                    <article class=product id=p4></article>""";

    private static Field.Builder css(String name, String css) {
        return Field.select(name, new Selector.Css(css));
    }

    private static Field.Builder xpath(String name, String xpath) {
        return Field.select(name, new Selector.XPath(xpath));
    }

    private static Field.Builder attr(Field.Builder field, String attr) {
        return field.attr(attr);
    }

    private static Field.Builder regex(Field.Builder field, String regex) {
        return field.regex(TextPattern.of(regex));
    }

    private static Field.Builder typed(Field.Builder field, Reading.Type type) {
        return field.type(type);
    }

    private static Field.Builder list(Field.Builder field) {
        return field.list();
    }

    private static Field.Builder required(Field.Builder field) {
        return field.required();
    }

    private static List<Field> fields(Field.Builder... fields) {
        return Arrays.stream(fields).map(Field.Builder::build).toList();
    }

    private static ExtractRule rule(String name, Field.Builder... fields) {
        return new ExtractRule(name, Optional.empty(), Optional.empty(), Optional.empty(), fields(fields));
    }

    private static ExtractRule each(String css, Field.Builder... fields) {
        return new ExtractRule("each", Optional.empty(), Optional.empty(), Optional.of(new Selector.Css(css)),
                fields(fields));
    }

    private static Parsed extract(String html, ExtractRule... rules) throws InterruptedException {
        return parse(job().extract(List.of(rules)).build(), html(html));
    }

    /** The only field of the only item. */
    private static Object value(String html, Field.Builder field) throws InterruptedException {
        List<Item> items = extract(html, rule("rule", field, css("always", "title"))).items();
        assertThat(items).hasSize(1);
        return items.getFirst().fields().get("v");
    }

    @Test
    void oneItemForEachMatchWithFieldsInTheJobsOrder() throws InterruptedException {
        Parsed parsed = extract(SHOP, each("article.product",
                required(attr(css("title", "h3 a"), "title")),
                typed(regex(css("price", ".price"), "([0-9.]+)"), Reading.Type.NUMBER),
                list(css("tags", ".tag")),
                typed(xpath("link", "//a/@href"), Reading.Type.URL),
                attr(css("id", "article"), "id")));

        assertThat(parsed.items()).hasSize(2);
        Item first = parsed.items().getFirst();
        assertThat(first.url()).hasToString(TestPages.URL);
        assertThat(first.rule()).isEqualTo("each");
        assertThat(first.fields().sequencedKeySet()).containsExactly("title", "price", "tags", "link", "id");
        assertThat(first.fields().sequencedValues()).containsExactly("First  one", new BigDecimal("12.5"),
                List.of("new", "big one"), "http://example.org/shop/a.html", "p1");
        assertThat(parsed.items().get(1).fields().sequencedValues()).as("failed conversion, empty list")
                .containsExactly("Second", null, List.of(), "http://example.org/shop/b.html", "p2");
        assertThat(parsed.content().itemsDropped()).as("p3 and p4 have no title").isEqualTo(2);
    }

    @Test
    void emptyItemIsNotWrittenAndDroppedIfAFieldWasRequired() throws InterruptedException {
        Parsed parsed = extract(SHOP, each("article.product", required(css("title", "h3")), list(css("tags", ".tag")),
                css("price", ".price")), rule("nothing", css("a", ".no"), list(css("b", ".no"))));
        assertThat(parsed.items()).extracting(item -> item.fields().get("title")).containsExactly("First", "Second");
        assertThat(parsed.content().itemsDropped()).as("p3, p4, not what nothing was required of").isEqualTo(2);
    }

    @Test
    void withoutEachThereIsOneItemForThePage() throws InterruptedException {
        assertThat(extract(SHOP, rule("page", css("title", "title"), css("first", "h3"))).items())
                .extracting(Item::fields)
                .extracting(fields -> List.copyOf(fields.values()))
                .containsExactly(List.of("Shop", "First"));
    }

    @Test
    void allMatchingRulesApplyInTheJobsOrder() throws InterruptedException {
        ExtractRule elsewhere =
                new ExtractRule("elsewhere", Optional.of(TextPattern.of("/catalogue/")), Optional.empty(),
                        Optional.empty(), fields(css("t", "title")));
        ExtractRule here = new ExtractRule("here", Optional.of(TextPattern.of("dir/p.*l$")), Optional.empty(),
                Optional.empty(), fields(css("t", "title")));
        ExtractRule labelled = new ExtractRule("labelled", Optional.empty(), Optional.of("detail"), Optional.empty(),
                fields(css("t", "title")));
        assertThat(extract(SHOP, elsewhere, labelled, here, rule("any", css("t", "title"))).items())
                .extracting(Item::rule)
                .containsExactly("here", "any");

        RawPage detail = page("http://example.org/x", Optional.of("detail"), "text/html", Headers.EMPTY,
                SHOP.getBytes(StandardCharsets.UTF_8));
        assertThat(parse(job().extract(List.of(here, labelled)).build(), detail).items())
                .extracting(Item::rule)
                .containsExactly("labelled");
    }

    @Test
    void aSelectorWithinEachSeesTheElementItselfAndNothingOutside() throws InterruptedException {
        Parsed parsed = extract("<div class=x>out</div><div class=row data-n=1><p class=x>in</p></div>", each("div.row",
                attr(css("self", "div.row"), "data-n"), list(css("inner", ".x")), list(xpath("any", "//*[@class='x']")),
                list(xpath("relative", ".//p")), xpath("absolute", "/div/p")));
        assertThat(parsed.items().getFirst().fields().sequencedValues())
                .containsExactly("1", List.of("in"), List.of("in"), List.of("in"), "in");
    }

    @Test
    void eachMayBeAnXPath() throws InterruptedException {
        ExtractRule rule = new ExtractRule("x", Optional.empty(), Optional.empty(),
                Optional.of(new Selector.XPath("//article[h3]")), fields(css("title", "h3")));
        assertThat(extract(SHOP, rule).items()).extracting(item -> item.fields().get("title"))
                .containsExactly("First", "Second");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "//a/@href                               | a.html",
        "//article[2]//a/@title                  | Second",
        "//h3/a                                  | First",
        "//h3/a/text()                           | First",
        "string(//article[@id='p2']/h3)          | Second",
        "count(//article)                        | 4",
        "boolean(//article)                      | true",
        "concat(//h3/a/@title, '!')              | First  one!",
        "/html/head/title                        | Shop"})
    void xpathMayPickElementsAttributesTextsAndValues(String xpath, String value) throws InterruptedException {
        assertThat(value(SHOP, xpath("v", xpath))).isEqualTo(value);
    }

    @Test
    void xpathMayPickOneOfSeveral() throws InterruptedException {
        assertThat(value(SHOP, list(xpath("v", "//h3/a/@title | //title"))))
                .isEqualTo(List.of("Shop", "First  one", "Second"));
    }

    @Test
    void theFirstMatchThatHasTheAttributeCounts() throws InterruptedException {
        String html = "<title>t</title><a>1</a><a href=x>2</a><a href=y>3</a>";
        assertThat(value(html, attr(css("v", "a"), "href"))).isEqualTo("x");
        assertThat(value(html, list(attr(css("v", "a"), "href")))).isEqualTo(List.of("x", "y"));
        assertThat(value(html, attr(css("v", "a"), "title"))).isNull();
        assertThat(value(html, attr(css("v", "a[href]"), "abs:href"))).isEqualTo("http://example.org/dir/x");
    }

    @Test
    void aRegularExpressionKeepsGroupOneOrTheWholeMatch() throws InterruptedException {
        String html = "<title>t</title><p>No. 12 of 34</p>";
        assertThat(value(html, regex(css("v", "p"), "[0-9]+"))).isEqualTo("12");
        assertThat(value(html, regex(css("v", "p"), "([0-9]+) of ([0-9]+)"))).isEqualTo("12");
        assertThat(value(html, regex(css("v", "p"), "^(?:x)?(y)?"))).as("group that took no part").isNull();
        assertThat(value(html, regex(css("v", "p"), "[a-z]{9}"))).isNull();
    }

    @Test
    void anIntegerIsALongWhereItFits() throws InterruptedException {
        Field.Builder field = typed(css("v", "p"), Reading.Type.INTEGER);
        assertThat(value("<title>t</title><p> -42 ", field)).isEqualTo(-42L);
        assertThat(value("<title>t</title><p>9223372036854775808", field)).isEqualTo(BigInteger.TWO.pow(63));
        assertThat(value("<title>t</title><p>4.0", field)).isEqualTo(4L);
        assertThat(value("<title>t</title><p>4.5", field)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"true, true", "YES, true", "on, true", "1, true", "False, false", "no, false", "off, false", "0, false",
        "maybe,", "'',"})
    void aBooleanIsSaidInAFewWords(String text, Boolean value) throws InterruptedException {
        assertThat(value("<title>t</title><p>" + text, typed(css("v", "p"), Reading.Type.BOOLEAN)))
                .isEqualTo(value);
    }

    @Test
    void aUrlIsResolvedAndCanonical() throws InterruptedException {
        Field.Builder field = list(typed(attr(css("v", "a"), "href"), Reading.Type.URL));
        String html = "<base href=/b/><title>t</title><a href='x#y'><a href='javascript:0'><a href='HTTP://A.org'>";
        assertThat(value(html, field)).as("what cannot be converted is not in a list")
                .isEqualTo(List.of("http://example.org/b/x", "http://a.org/"));
    }

    @Test
    void htmlIsTheElementAsWritten() throws InterruptedException {
        Field.Builder field = typed(css("v", "div"), Reading.Type.HTML);
        assertThat(value("<title>t</title><div class=a><p>x <b>y</b></p>\n</div>", field))
                .isEqualTo("<div class=\"a\"><p>x <b>y</b></p>\n</div>");
    }

    @Test
    void aRequiredListMayNotBeEmpty() throws InterruptedException {
        Parsed parsed = extract(SHOP, each("article", list(required(css("tags", ".tag"))), css("price", ".price")));
        assertThat(parsed.items()).hasSize(1);
        assertThat(parsed.content().itemsDropped()).isEqualTo(3);
    }

    @Test
    void thousandsOfItemsWithXPathsTakeNoQuadraticTime() throws InterruptedException {
        StringBuilder html = new StringBuilder("<table>");
        for (int i = 0; i < 5_000; i++) {
            html.append("<tr><td><a href=").append(i).append(">x").append(i).append("</a></td></tr>");
        }
        long start = System.nanoTime();
        Parsed parsed = extract(html.toString(), each("tr", xpath("link", "//a/@href"), css("name", "a")));
        assertThat(parsed.items()).hasSize(5_000);
        assertThat(parsed.items().getLast().fields().sequencedValues()).containsExactly("4999", "x4999");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }

    /** jsoup's evaluators are kept for the whole crawl, and used by all of its workers at once. */
    @Test
    void oneSetOfRulesServesManyThreads() throws InterruptedException {
        var crawl =
                job().extract(List.of(each("ul > li:has(b):not(.x) ~ li, div li:nth-child(2n)", css("b", "li > b"))))
                        .build();
        PageParser parser = TestPages.parser(crawl);
        List<RawPage> pages = IntStream.range(0, 8)
                .mapToObj(n -> html("<div><ul>" + ("<li><b>" + n + "</b></li>").repeat(n + 2) + "</ul></div>"))
                .toList();
        List<Throwable> failures = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
        List<Thread> threads = IntStream.range(0, 8).mapToObj(n -> Thread.ofPlatform().start(() -> {
            try {
                for (int i = 0; i < 300; i++) {
                    Parsed parsed = (Parsed) TestPages.within(Duration.ofSeconds(30),
                            () -> TestPages.parse(parser, pages.get(n)));
                    assertThat(parsed.items()).hasSize(n + 1)
                            .allMatch(item -> String.valueOf(n).equals(item.fields().get("b")));
                }
            } catch (Throwable e) {
                failures.add(e);
            }
        })).toList();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
    }
}
