package fanout.internal.parse;

import static fanout.internal.parse.TestPages.html;
import static fanout.internal.parse.TestPages.job;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.job.ExtractRule;
import fanout.job.Field;
import fanout.job.Field.Fact;
import fanout.job.FollowRule;
import fanout.job.Parsing;
import fanout.job.Reading;
import fanout.job.Selector;
import fanout.page.PageItem;
import fanout.page.Request;
import fanout.page.ResponseHead;
import fanout.url.CanonicalUrl;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;

/** Fields that are known of a page without a selector, and JSON that is written in an element. */
class KnownValuesTest {

    private static final String DATA = """
            <title> The
            saw </title><h1>Saw</h1>
            <script id=d type='application/json'>
              {"props": {"sku": "S  1", "list": [{"n": 1}, {"n": 2}]}, "next": "/p/2"}
            </script>
            <script type='application/ld+json'>{"@type": "Product", "sku": "other"}</script>
            <div><p>{"a":  "x  y"}</p><pre>nothing</pre></div><div><p>{"a": "z"}</p></div>""";

    private static RawPage page(Request request, int status, Headers headers, String html) {
        return new RawPage(request,
                new ResponseHead(status, Optional.of("text/html"), Optional.empty(), Optional.empty()),
                TestPages.FETCHED_AT, headers, "text/html; charset=utf-8", html.getBytes(UTF_8));
    }

    private static Field of(Fact fact) {
        return of(fact, Reading.TEXT);
    }

    private static Field of(Fact fact, Reading reading) {
        return new Field(fact.name(), new Field.OfPage(fact, reading), false);
    }

    private static Field header(String name, Reading.Type type) {
        return new Field(name, new Field.OfHeader(name, Reading.of(type)), false);
    }

    private static Field in(String css, String pointer) {
        return Field.select(css + pointer, jsonIn(css, pointer)).build();
    }

    private static Selector.Json jsonIn(String css, String pointer) {
        return new Selector.Json(pointer, Optional.empty(), Optional.of(new Selector.Css(css)));
    }

    private static ExtractRule rule(Optional<Selector> each, Field... fields) {
        return new ExtractRule("rule", Optional.empty(), Optional.empty(), each, Arrays.asList(fields));
    }

    private static List<Map<String, Object>> items(RawPage page, ExtractRule... rules) throws InterruptedException {
        return TestPages.parse(job().extract(Arrays.asList(rules)).build(), page)
                .items()
                .stream()
                .<Map<String, Object>>map(item -> new LinkedHashMap<>(item.fields()))
                .toList();
    }

    private static Map<String, String> missing(RawPage page, ExtractRule rule) throws InterruptedException {
        List<PageItem> found = new ArrayList<>();
        TestPages.result(job().extract(List.of(rule)).build(), page, (asked, _) -> found.addAll(asked.items()));
        return found.getFirst().missing();
    }

    @Test
    void aFieldReadsWhatIsKnownOfThePage() throws InterruptedException {
        Request request = new Request(CanonicalUrl.of(TestPages.URL), 3, Optional.of("product"),
                Optional.of(CanonicalUrl.of("http://example.org/list")));
        Headers headers = Headers.of("ETag", "\"7\"", "Vary", "Accept", "vary", "Cookie", "X-Total", "1,250",
                "Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT");
        assertThat(items(page(request, 203, headers, DATA),
                rule(Optional.empty(), of(Fact.LABEL), of(Fact.REFERRER), of(Fact.DEPTH),
                        of(Fact.STATUS, Reading.of(Reading.Type.INTEGER)), of(Fact.TITLE),
                        header("vary", Reading.Type.STRING), header("X-Total", Reading.Type.INTEGER),
                        header("last-modified", Reading.Type.DATE))))
                .containsExactly(new LinkedHashMap<>(Map.of("LABEL", "product", "REFERRER", "http://example.org/list",
                        "DEPTH", "3", "STATUS", 203L, "TITLE", "The saw", "vary", "Accept, Cookie", "X-Total", 1250L,
                        "last-modified", "1994-11-06T08:49:37Z")));
    }

    @Test
    void aKnownValueThatIsMissingHasAReason() throws InterruptedException {
        assertThat(missing(html("<p>x"), rule(Optional.empty(), Field.select("p", new Selector.Css("p")).build(),
                of(Fact.LABEL), of(Fact.REFERRER), of(Fact.DEPTH), of(Fact.STATUS), of(Fact.TITLE),
                header("X-None", Reading.Type.STRING))))
                .isEqualTo(Map.of("LABEL", "the page's request has no label", "REFERRER",
                        "no page led to this one: it is a start URL, or from a sitemap", "TITLE",
                        "the page has no title", "X-None", "the response has no header X-None"));
    }

    @Test
    void aTitleAloneMakesAnItemAndItsLackMakesNone() throws InterruptedException {
        ExtractRule rule = rule(Optional.empty(), of(Fact.TITLE), of(Fact.URL), of(Fact.STATUS));
        assertThat(items(html("<title>t</title>"), rule)).hasSize(1);
        assertThat(items(html("<p>x"), rule)).isEmpty();
    }

    @Test
    void dataOfALinkMayBeTheTitleOfItsPage() throws InterruptedException {
        FollowRule rule = new FollowRule(new FollowRule.StandardSet(), Optional.empty(), 0, List.of(), List.of(),
                List.of(of(Fact.TITLE), of(Fact.DEPTH)));
        assertThat(TestPages.parse(job().follow(List.of(rule)).build(), html("<title>t</title><a href=/a>a"))
                .links()
                .getFirst()
                .details()
                .orElseThrow()
                .data()).isEqualTo(Map.of("TITLE", "t", "DEPTH", "0"));
    }

    @Test
    void pointersLookIntoTheJsonOfAnElement() throws InterruptedException {
        assertThat(items(html(DATA), rule(Optional.empty(), in("#d", "/props/sku"), in("div p", "/a"),
                Field.select("ld", new Selector.Json("/sku")).build(),
                Field.select("all", jsonIn("#d", "/props/list")).attr("n").type(Reading.Type.INTEGER).list().build())))
                .containsExactly(Map.of("#d/props/sku", "S  1", "div p/a", "x  y", "ld", "other", "all",
                        List.of(1L, 2L)));
        assertThat(items(html(DATA), rule(Optional.of(jsonIn("#d", "/props/list")),
                Field.select("n", new Selector.Json("/n")).build()))).containsExactly(Map.of("n", "1"),
                        Map.of("n", "2"));
        assertThat(items(html(DATA), rule(Optional.of(new Selector.Css("div")), in("p", "/a"))))
                .as("each narrows it")
                .containsExactly(Map.of("p/a", "x  y"), Map.of("p/a", "z"));
        assertThat(TestPages.urls(TestPages.parse(job()
                .follow(List.of(new FollowRule(jsonIn("#d", "/next"), "href", Optional.empty())))
                .build(), html(DATA)))).containsExactly("http://example.org/p/2");
    }

    @Test
    void jsonInAnElementThatIsMissingHasAReason() throws InterruptedException {
        Field title = Field.select("h1", new Selector.Css("h1")).build();
        assertThat(missing(html(DATA), rule(Optional.empty(), title, in("#none", "/a"), in("#d", "/none"),
                in("pre", "/a"))))
                .containsEntry("#none/a", "in matches nothing")
                .containsEntry("#d/none", "no match in the JSON that in picks")
                .hasEntrySatisfying("pre/a", why -> assertThat(why).startsWith("what in picks is no JSON: "));
        assertThat(missing(html(DATA), rule(Optional.of(jsonIn("#none", "/a")),
                Field.select("n", new Selector.Json("/n")).build())))
                .containsEntry("each", "each: in matches nothing");
    }

    @Test
    void eachElementThatHoldsJsonTakesMemory() {
        Parsing parsing = job()
                .follow(List.of(new FollowRule(jsonIn("#a", "/x"), "href", Optional.empty())))
                .extract(List.of(rule(Optional.empty(), in("#a", "/x"), in("#b", "/x"), in("#b", "/y"),
                        Field.select("ld", new Selector.Json("/x")).build())))
                .build()
                .parsing();
        assertThat(parsing.jsonReadings()).isEqualTo(3);
    }
}
