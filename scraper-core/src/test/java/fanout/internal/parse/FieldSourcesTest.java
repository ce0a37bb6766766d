package fanout.internal.parse;

import static fanout.internal.parse.TestPages.html;
import static fanout.internal.parse.TestPages.job;
import static fanout.internal.parse.TestPages.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import fanout.internal.parse.PageParser.ParseResult.Parsed;
import fanout.job.DatePattern;
import fanout.job.DecimalMark;
import fanout.job.ExtractRule;
import fanout.job.Field;
import fanout.job.Field.Constant;
import fanout.job.Field.Fact;
import fanout.job.Field.Nested;
import fanout.job.Field.OfPage;
import fanout.job.Field.Selected;
import fanout.job.Reading;
import fanout.job.Selector;
import fanout.page.PageItem;
import fanout.page.PageItem.Fate;
import fanout.url.TextPattern;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fields that are constant, known of the page, or objects; and why values are missing. */
class FieldSourcesTest {

    private static final String OFFERS = """
            <h1>Saw</h1><p class=price>€ 1,003.50</p>
            <ul><li><b>North</b> <i>12,50</i></li><li><b>South</b> <i>ask</i></li><li><i>9</i></li><li></li></ul>""";

    private static Field css(String name, String css) {
        return Field.select(name, new Selector.Css(css)).build();
    }

    private static Field required(String name, String css) {
        return Field.select(name, new Selector.Css(css)).required().build();
    }

    private static Field number(String name, String css) {
        return Field.select(name, new Selector.Css(css)).type(Reading.Type.NUMBER).decimal(DecimalMark.COMMA).build();
    }

    private static Field optional(String name, Field.Source source) {
        return new Field(name, source, false);
    }

    private static Field object(String name, Field... fields) {
        return optional(name, new Nested(Optional.empty(), Arrays.asList(fields)));
    }

    private static Field objects(String name, String each, Field... fields) {
        return optional(name, new Nested(Optional.of(new Selector.Css(each)), Arrays.asList(fields)));
    }

    private static ExtractRule rule(Field... fields) {
        return new ExtractRule("rule", Optional.empty(), Optional.empty(), Optional.empty(), Arrays.asList(fields));
    }

    private static Parsed extract(String html, Field... fields) throws InterruptedException {
        return parse(job().extract(List.of(rule(fields))).build(), html(html));
    }

    private static Map<String, Object> only(Parsed parsed) {
        assertThat(parsed.items()).hasSize(1);
        return parsed.items().getFirst().fields();
    }

    @Test
    void constantsAndFactsOfThePageStandInTheirPlaces() throws InterruptedException {
        Reading year = new Reading(Reading.Type.INTEGER, Optional.of(TextPattern.of("^([0-9]+)-")), Optional.empty(),
                Optional.empty());
        Reading file = new Reading(Reading.Type.STRING, Optional.of(TextPattern.of("([a-z]+)\\.html$")),
                Optional.empty(), Optional.empty());
        Map<String, Object> item = only(extract(OFFERS, optional("currency", new Constant("EUR")),
                optional("rate", new Constant(new BigDecimal("1.5"))), css("title", "h1"),
                optional("url", new OfPage(Fact.URL, Reading.TEXT)), optional("file", new OfPage(Fact.URL, file)),
                optional("at", new OfPage(Fact.FETCHED_AT, Reading.TEXT)),
                optional("year", new OfPage(Fact.FETCHED_AT, year))));

        assertThat(item).containsExactly(Map.entry("currency", "EUR"), Map.entry("rate", new BigDecimal("1.5")),
                Map.entry("title", "Saw"), Map.entry("url", TestPages.URL), Map.entry("file", "page"),
                Map.entry("at", "2026-11-25T10:00:00.120Z"), Map.entry("year", 2026L));
    }

    @Test
    void whatIsOnEveryPageMakesNoItem() throws InterruptedException {
        Field constant = optional("currency", new Constant("EUR"));
        Field url = optional("url", new OfPage(Fact.URL, Reading.TEXT));
        assertThat(extract(OFFERS, constant, url, css("none", "h6")).items()).isEmpty();
        assertThat(extract(OFFERS, constant, url, object("o", css("none", "h6"), constant)).items()).isEmpty();
        assertThat(extract(OFFERS, constant, url).items()).as("unless nothing else is asked for").hasSize(1);
    }

    /** Plain spaces part numbers; with a regular expression there is plain text, too. */
    @Test
    void noBreakSpacesOfAPageGroupTheDigitsOfANumber() throws InterruptedException {
        Field regex = Field.select("regex", new Selector.Css("p"))
                .type(Reading.Type.NUMBER)
                .regex(TextPattern.of("€ (.*)"))
                .build();
        Field node = Field.select("node", new Selector.XPath("//p/text()"))
                .type(Reading.Type.INTEGER)
                .build();
        Parsed parsed = extract(
                "<p>\n€&nbsp;1&nbsp;299\n</p> <b>12&nbsp;<em>999</em>,5</b> <i>1 299</i>"
                        + "<u data-n='7&nbsp;000'>&nbsp;8&nbsp;001</u> <ol><li>&nbsp;10</li><li>20</li></ol>",
                number("element", "p"), number("across", "b"), number("plain", "i"), number("two", "ol"),
                number("first", "u"), node, regex, css("text", "p"),
                Field.select("nodeText", new Selector.XPath("//p/text()")).build(),
                Field.select("markup", new Selector.XPath("//p/text()")).type(Reading.Type.HTML).build(),
                Field.select("attribute", new Selector.Css("u")).attr("data-n").type(Reading.Type.INTEGER).build());

        Map<String, Object> item = only(parsed);
        assertThat(item.get("element")).isEqualTo(new BigDecimal("1299"));
        assertThat(item.get("across")).isEqualTo(new BigDecimal("12999.5"));
        assertThat(item.get("plain")).isNull();
        assertThat(item.get("two")).isNull();
        assertThat(item.get("first")).isEqualTo(new BigDecimal("8001"));
        assertThat(item.get("attribute")).isEqualTo(7000L);
        assertThat(item.get("node")).isEqualTo(1299L);
        assertThat(item.get("nodeText")).isEqualTo(" € 1 299 ");
        assertThat(item.get("markup")).isEqualTo(" € 1 299 ");
        assertThat(item.get("regex")).isNull();
        assertThat(item.get("text")).isEqualTo("€ 1 299");
    }

    @Test
    void objectsNestAndLookInsideTheirMatch() throws InterruptedException {
        Map<String, Object> item = only(extract(OFFERS, css("title", "h1"),
                object("price", number("amount", "li i"), optional("currency", new Constant("EUR"))),
                objects("offers", "li", required("shop", "b"), number("price", "i"),
                        object("inner", css("same", "i"), css("outside", "h1"))),
                object("empty", css("none", "h6"))));

        assertThat(item.get("price")).isEqualTo(Map.of("amount", new BigDecimal("12.5"), "currency", "EUR"));
        assertThat((List<?>) item.get("offers")).as("two lack what is required").hasSize(2);
        assertThat(((List<?>) item.get("offers")).getFirst().toString())
                .isEqualTo("{shop=North, price=12.5, inner={same=12,50, outside=null}}");
        assertThat(((List<?>) item.get("offers")).getLast().toString())
                .isEqualTo("{shop=South, price=null, inner={same=ask, outside=null}}");
        assertThat(item.get("empty")).isNull();
    }

    @Test
    void whatIsRequiredInAnObjectDropsTheObjectOnly() throws InterruptedException {
        Field object = object("o", css("title", "h1"), required("none", "h6"));
        Parsed parsed = extract(OFFERS, css("title", "h1"), object);
        assertThat(only(parsed).get("o")).isNull();
        assertThat(parsed.content().itemsDropped()).isZero();

        Parsed dropped = extract(OFFERS, css("title", "h1"), new Field("o", object.source(), true));
        assertThat(dropped.items()).isEmpty();
        assertThat(dropped.content().itemsDropped()).as("the object is required itself").isEqualTo(1);
    }

    @Test
    void objectsAreAtMostFiveDeep() {
        Field field = css("v", "p");
        for (int depth = 1; depth <= 5; depth++) {
            field = object("o", field);
            rule(field);
        }
        Field sixth = object("o", field);
        assertThatIllegalArgumentException().isThrownBy(() -> rule(sixth)).withMessageContaining("more than 5 deep");
    }

    @Test
    void objectsInObjectsEndAtTheBudgetOfThePage() throws InterruptedException {
        String nested = "<div>".repeat(400) + "<b>x</b>" + "</div>".repeat(400);
        Field all = css("b", "b");
        for (int depth = 0; depth < 3; depth++) {
            all = objects("o", "div", all);
        }
        assertThat(TestPages.result(job().extract(List.of(rule(all))).build(), html(nested)).toString())
                .contains("Unparsed", "characters of items");
    }

    /** Each of them a thousand characters, in an item of a thousand and a hundred fields. */
    @Test
    void whateverItsSourceEachValueCounts() throws InterruptedException {
        String thousand = "x".repeat(1_000);
        for (Field.Source source : List.of(new Constant(thousand), new OfPage(Fact.URL, Reading.TEXT),
                new Selected(new Selector.Css("p"), Optional.empty(), Reading.TEXT, false))) {
            int count = source instanceof OfPage ? (1 << 20) / TestPages.URL.length() : 1_100;
            List<Field> fields = new ArrayList<>(List.of(css("p", "b")));
            for (int i = 0; i < count; i++) {
                fields.add(optional("f" + i, source));
            }
            assertThat(TestPages.result(job().extract(List.of(rule(fields.toArray(Field[]::new)))).build(),
                    html("<b>b</b><p>" + thousand)).toString())
                    .as(source.getClass().getSimpleName())
                    .contains("Unparsed", "characters of items");
        }
    }

    @Test
    void objectsOfWhichAlmostNothingIsFoundCountAsWell() throws InterruptedException {
        List<Field> fields = new ArrayList<>(List.of(css("a", "i")));
        for (int i = 0; i < 100; i++) {
            fields.add(css("none" + i, "b"));
        }
        Field objects = objects("o", "i", fields.toArray(Field[]::new));
        assertThat(TestPages.result(job().extract(List.of(rule(objects))).build(), html("<i>x</i>".repeat(1_400)))
                .toString()).contains("Unparsed", "characters of items");
    }

    @Test
    void whatIsNoDateOfAPatternHasAReasonThatNamesIt() throws InterruptedException {
        Field date = Field.select("v", new Selector.Css("h1"))
                .date(new DatePattern("d. MMMM yyyy", Optional.of("de")))
                .build();
        assertThat(explained(OFFERS, css("title", "h1"), date).getFirst().missing())
                .containsExactly(Map.entry("v", "not a date as d. MMMM yyyy: \"Saw\""));
    }

    @Test
    void tenThousandItemsMayBeWrittenAndTheRestNot() throws InterruptedException {
        String many = "<i>x</i>".repeat(ItemBudget.MOST_ITEMS);
        ExtractRule each = new ExtractRule("each", Optional.empty(), Optional.empty(),
                Optional.of(new Selector.Css("i")), List.of(css("a", "i"), required("never", "b")));
        ExtractRule written = new ExtractRule("each", Optional.empty(), Optional.empty(),
                Optional.of(new Selector.Css("i")), List.of(css("a", "i")));
        assertThat(parse(job().extract(List.of(each, written)).build(), html(many)).items())
                .as("those that are dropped do not count")
                .hasSize(ItemBudget.MOST_ITEMS);
        assertThat(TestPages.result(job().extract(List.of(written)).build(), html(many + "<i>y</i>")).toString())
                .contains("Unparsed", "more than 10000 items");
    }

    @Test
    void blocksOfJsonInOtherElementsThanScriptsAreNone() throws InterruptedException {
        Field name = Field.select("v", new Selector.Json("/name")).build();
        String html = "<style type='application/ld+json'>{\"name\": \"style\"}</style>"
                + "<script type='application/ld+json; charset=utf-8'>{\"name\": \"script\"}</script>";
        assertThat(only(extract(html, name))).containsExactly(Map.entry("v", "script"));
    }

    @Test
    void nullsInAListOfJsonAreNoValues() throws InterruptedException {
        Field tags = Field.select("v", new Selector.Json("/tags")).list().build();
        String html = "<script type='application/ld+json'>{\"tags\": [\"a\", null, \"b\"]}</script>";
        assertThat(only(extract(html, tags))).containsExactly(Map.entry("v", List.of("a", "b")));
    }

    @Test
    void factsAndObjectsThatAreMissingHaveTheirReasons() throws InterruptedException {
        Field number = optional("n", new OfPage(Fact.URL,
                new Reading(Reading.Type.DATE, Optional.empty(), Optional.empty(), Optional.empty())));
        assertThat(explained(OFFERS, css("title", "h1"), number, objects("o", "h6", css("a", "a"))).getFirst()
                .missing()).containsExactly(Map.entry("n", "not a date: \"" + TestPages.URL + "\""),
                        Map.entry("o", "each matches nothing"));
    }

    @Test
    void emptyListHasAReasonAndAnUnreadableOneThoseOfItsElements() throws InterruptedException {
        Field none = Field.select("none", new Selector.Css("h6")).list().build();
        Field bad = Field.select("bad", new Selector.Css("h1")).type(Reading.Type.NUMBER).list().build();
        assertThat(explained(OFFERS, css("title", "h1"), none, bad).getFirst().missing()).containsExactly(
                Map.entry("none", "no match"), Map.entry("bad[0]", "no number in \"Saw\""));
    }

    @Test
    void textsInReasonsAreCutBehindSixtyCharacters() throws InterruptedException {
        String sixty = "\u00e9".repeat(59) + "\ud83d\ude00";
        Field number = Field.select("v", new Selector.Css("p")).type(Reading.Type.NUMBER).build();
        assertThat(explained("<h1>h</h1><p>" + sixty, css("h", "h1"), number).getFirst().missing())
                .containsEntry("v", "no number in \"" + sixty + "\"");
        assertThat(explained("<h1>h</h1><p>" + sixty + "x", css("h", "h1"), number).getFirst().missing())
                .containsEntry("v", "no number in \"" + sixty + "\u2026\"");
    }

    @Test
    void aDateBecomesIso8601() throws InterruptedException {
        Field date = Field.select("date", new Selector.Css("time"))
                .date(new DatePattern("d. MMMM yyyy", Optional.of("de")))
                .build();
        Field iso = Field.select("iso", new Selector.Css("time")).attr("datetime").type(Reading.Type.DATE).build();
        assertThat(only(extract("<time datetime='2026-03-05T10:00+01:00'>5. März 2026</time>", date, iso)))
                .containsExactly(Map.entry("date", "2026-03-05"), Map.entry("iso", "2026-03-05T10:00:00+01:00"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            textBlock = """
                    h6    |      |         | STRING  | no match
                    a     | href |         | STRING  | no attribute "href"
                    .n    |      | x(.)    | STRING  | `regex found nothing in "10-20"`
                    .n    |      |         | NUMBER  | `two numbers in "10-20"`
                    .k    |      |         | NUMBER  | `"k" changes the number in "1.2k"; keep the digits by regex, or all of it by type string`
                    .e    |      |         | URL     | `the text is empty`
                    .e    |      | x?      | URL     | `the text is empty`
                    .w    |      |         | NUMBER  | `no number in "ask"`
                    .c    |      |         | NUMBER  | `no number in "1,5" with decimal mark . (with decimal: "," it is 1.5)`
                    .f    |      |         | INTEGER | `not a whole number: "2.5"`
                    .w    |      |         | DATE    | `not a date: "ask"`
                    .w    |      |         | BOOLEAN | `neither true, yes, on, 1 nor false, no, off, 0: "ask"`
                    .u    |      |         | URL     | `not an http or https URL: "mailto:x"`
                    .long |      |         | NUMBER  | `no number in "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…"`
                    """)
    void aMissingValueHasAReason(String css, String attr, String regex, Reading.Type type, String reason)
            throws InterruptedException {
        Field.Builder field = Field.select("v", new Selector.Css(css)).type(type);
        if (attr != null) {
            field.attr(attr);
        }
        if (regex != null) {
            field.regex(TextPattern.of(regex));
        }
        String html =
                "<title>t</title><a>x</a><p class=k>1.2k</p><p class=e> </p><p class=n>10-20</p><p class=w>ask</p><p "
                        + "class=c>1,5</p><p class=f>2.5</p>"
                        + "<p class=u>mailto:x</p><p class=long>" + "x".repeat(100) + "</p>";
        assertThat(explained(html, field.build(), css("title", "title")))
                .containsExactly(
                        new PageItem("rule", Fate.WRITTEN, new java.util.LinkedHashMap<>(Map.of("v", reason))));
    }

    /** As {@code textContent} in a browser, and {@code data()} in jsoup, where {@code text()} is empty. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            script   | `var price = "12.50"; // <b>&amp;`
            style    | `a { width: 12.50px } /* <b>&amp; */`
            iframe   | `<b>12.50</b> &amp;`
            noframes | `<b>12.50</b> &amp;`
            """)
    void rawTextIsTheTextOfItsElement(String tag, String raw) throws InterruptedException {
        Field text = Field.select("text", new Selector.Css(tag)).required().build();
        Field path = Field.select("path", new Selector.XPath("//" + tag)).build();
        Field digits = Field.select("digits", new Selector.Css(tag))
                .regex(TextPattern.of("[0-9.]+"))
                .type(Reading.Type.NUMBER)
                .build();
        Map<String, Object> item = only(extract("<body><p>x</p><" + tag + ">\n" + raw + "</" + tag + ">", text, path,
                digits, number("number", "p")));
        assertThat(item).containsEntry("text", "\n" + raw)
                .containsEntry("path", "\n" + raw)
                .containsEntry("digits", new BigDecimal("12.5"));
        assertThat(extract("<" + tag + "> </" + tag + ">", text).content().itemsDropped()).isEqualTo(1);
    }

    @Test
    void textsOfATemplateAndAroundAScriptAreTheirs() throws InterruptedException {
        assertThat(only(extract("<template>a <b>b</b></template><p>c<script>d</script>e</p><textarea><b>f</textarea>",
                css("template", "template"), css("p", "p"), css("textarea", "textarea"))))
                .containsExactly(Map.entry("template", "a b"), Map.entry("p", "c e"), Map.entry("textarea", "<b>f"));
    }

    /** It stays as the page has it: there is a difference between an empty alt and none. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `<p></p>`                      | p   |     | ``
            `<p> <i> </i> </p>`            | p   |     | ``
            `<p>&nbsp;</p>`                | p   |     | ``
            `<p>&#8203;</p>`               | p   |     | ``
            `<p>&#12288;</p>`              | p   |     | `　`
            `<img alt=''>`                 | img | alt | ``
            `<img alt='&nbsp; &#8203;'>`   | img | alt | `  ​`
            """)
    void anEmptyTextIsNotWhatIsRequired(String html, String css, String attr, String value)
            throws InterruptedException {
        Field.Builder field = Field.select("v", new Selector.Css(css));
        if (attr != null) {
            field.attr(attr);
        }
        String page = "<h1>h</h1>" + html;
        assertThat(only(extract(page, css("h", "h1"), field.build()))).containsEntry("v", value);
        assertThat(explained(page, css("h", "h1"), field.build()).getFirst().missing())
                .containsExactly(Map.entry("v", "the text is empty"));
        Field list = field.list().build();
        assertThat(only(extract(page, css("h", "h1"), list))).containsEntry("v", List.of(value));
        assertThat(explained(page, list).getFirst()).isEqualTo(new PageItem("rule", Fate.EMPTY,
                new java.util.LinkedHashMap<>(Map.of("v", "the text is empty"))));
        Field object = object("o", field.build(), optional("c", new Constant(1)));
        assertThat(only(extract(page, css("h", "h1"), object)).get("o")).as("an object of nothing else").isNull();
        Field needed = field.required().build();
        assertThat(extract(page, css("h", "h1"), needed).content().itemsDropped()).isEqualTo(1);
        Field half = Field.select("v", new Selector.Css("h1, " + css)).list().required().build();
        assertThat(only(extract(page, half)).get("v")).isInstanceOf(List.class);
    }

    @Test
    void eachPlaceHasItsFateAndItsReasons() throws InterruptedException {
        ExtractRule nothing = new ExtractRule("nothing", Optional.empty(), Optional.empty(),
                Optional.of(new Selector.Css(".none")), List.of(css("a", "a")));
        ExtractRule elsewhere = new ExtractRule("elsewhere", Optional.of(TextPattern.of("/other/")), Optional.empty(),
                Optional.empty(), List.of(css("a", "a")));
        ExtractRule each = new ExtractRule("each", Optional.empty(), Optional.empty(),
                Optional.of(new Selector.Css("li")), List.of(css("shop", "b"), required("price", "i")));
        Field offers = objects("offers", "li", required("shop", "b"), number("price", "i"));
        List<PageItem> places = explained(OFFERS, nothing, elsewhere, each, rule(css("title", "h1"), offers));

        assertThat(places).extracting(place -> place.rule() + " " + place.fate() + " " + place.missing())
                .containsExactly("nothing NO_MATCH {each=each matches nothing}", "each WRITTEN {}", "each WRITTEN {}",
                        "each WRITTEN {shop=no match}", "each DROPPED {shop=no match, price=no match}",
                        "rule WRITTEN {offers[1].price=no number in \"ask\", offers[2].shop=no match, "
                                + "offers[2]=a required field is missing in it, offers[3].shop=no match, "
                                + "offers[3].price=no match, offers[3]=a required field is missing in it}");
        assertThat(explained("<p>x", rule(css("a", "a"), css("b", "b"))))
                .extracting(PageItem::fate)
                .containsExactly(Fate.EMPTY);
    }

    @Test
    void anElementOfAListThatCannotBeConvertedHasAReason() throws InterruptedException {
        Field prices = Field.select("p", new Selector.Css("li i")).type(Reading.Type.NUMBER).list().build();
        assertThat(explained(OFFERS, prices).getFirst().missing()).containsExactly(
                Map.entry("p[0]", "no number in \"12,50\" with decimal mark . (with decimal: \",\" it is 12.5)"),
                Map.entry("p[1]", "no number in \"ask\""));
    }

    private static List<PageItem> explained(String html, Field... fields) throws InterruptedException {
        return explained(html, rule(fields));
    }

    private static List<PageItem> explained(String html, ExtractRule... rules) throws InterruptedException {
        List<PageItem> found = new ArrayList<>();
        TestPages.result(job().extract(List.of(rules)).build(), html(html), (page, _) -> found.addAll(page.items()));
        return found;
    }
}
