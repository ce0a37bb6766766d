package fanout.journal;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.job.CrawlJob;
import fanout.job.DatePattern;
import fanout.job.DecimalMark;
import fanout.job.Expectations;
import fanout.job.ExtractRule;
import fanout.job.Field;
import fanout.job.FirstIdentity;
import fanout.job.FollowRule;
import fanout.job.FormFill;
import fanout.job.Http;
import fanout.job.Limits;
import fanout.job.Reading;
import fanout.job.Secrets;
import fanout.job.Selector;
import fanout.job.WrittenJob;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.DroppedParameters;
import fanout.url.Scope;
import fanout.url.SkippedExtensions;
import fanout.url.TextPattern;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What makes a job another one. The texts here are a format on the disk: a test that fails after a class, component or
 * constant was renamed means that journals of today would be refused. A key that a job does not use must not be in
 * them: journals were written before there was one.
 */
class IdentityTest {

    private static final Reading TEXT = Reading.TEXT;

    private static CrawlJob.Builder plain() {
        return CrawlJob.builder("docs").startUrl("http://example.org/");
    }

    private static Field typed(String name, Reading.Type type) {
        return Field.select(name, new Selector.Css("i")).type(type).build();
    }

    private static Field computed(String name, Field.Source source) {
        return new Field(name, source, false);
    }

    /** A job with every key set that makes its identity. */
    private static CrawlJob full() {
        Scope scope = new Scope(List.of(Scope.Domain.parse("example.org"), Scope.Domain.parse("b.test:8080")), Set.of(),
                List.of(TextPattern.of("/a/"), TextPattern.of("\"\\d\"")),
                List.of(TextPattern.of("x$")), 3);
        Field title = Field.select("title", new Selector.Css("h1")).attr("id").list().required().build();
        Field price = Field.select("price", new Selector.XPath("//b"))
                .type(Reading.Type.NUMBER)
                .regex(TextPattern.of("[0-9]+"))
                .decimal(DecimalMark.COMMA)
                .build();
        Field day = Field.select("day", new Selector.Json("/day", Optional.of("Event")))
                .date(new DatePattern("d MMMM yyyy", Optional.of("de")))
                .build();
        Stream<Field> types = Stream.of(typed("t2", Reading.Type.INTEGER), typed("t3", Reading.Type.BOOLEAN),
                typed("t4", Reading.Type.URL), typed("t5", Reading.Type.HTML));
        Stream<Field> others = Stream.of(title, price, day, computed("at", new Field.OfPage(Field.Fact.FETCHED_AT,
                new Reading(Reading.Type.DATE, Optional.empty(), Optional.empty(), Optional.empty()))),
                computed("from", new Field.OfPage(Field.Fact.URL, TEXT)),
                computed("one", new Field.Constant("1")), computed("two", new Field.Constant(2L)),
                computed("parts", new Field.Nested(Optional.of(new Selector.Css("li")),
                        List.of(computed("n", new Field.Constant(true))))));
        return plain().startUrl(Request.start(CanonicalUrl.of("http://b.test:8080/l"), Optional.of("list")))
                .startUrl(new Request(CanonicalUrl.of("http://example.org/2"), 2, Optional.empty(),
                        Optional.of(CanonicalUrl.of("http://example.org/")), Request.Details.of(Map.of("page", 7))))
                .sitemap(CanonicalUrl.of("http://example.org/s.xml"))
                .sitemapsFromRobots(true)
                .scope(scope)
                .contentTypes(List.of("text/html", "application/json"))
                .charset("koi8-r")
                .follow(List.of(new FollowRule(new Selector.Css("a.next"), "href", Optional.of("page")),
                        new FollowRule(new Selector.Json("/next"), "url", Optional.empty())))
                .extract(List.of(new ExtractRule("all", Optional.of(TextPattern.of("/p/")), Optional.of("page"),
                        Optional.of(new Selector.Css("article")), Stream.concat(others, types).toList())))
                .build();
    }

    @Test
    void jobWithEveryKeyIsWrittenLikeThis() {
        assertThat(WrittenJob.of(full())).containsExactly(Map.entry("startUrls", """
                [{"url":"http://example.org/"},{"url":"http://b.test:8080/l","label":"list"},\
                {"url":"http://example.org/2","depth":2,"referrer":"http://example.org/","data":{"page":7}}]"""),
                Map.entry("sitemaps", """
                        {"urls":["http://example.org/s.xml"],"fromRobots":true}"""), Map.entry("scope", """
                        {"allowedDomains":["example.org","b.test 8080"],"include":["/a/","\\"\\\\d\\""],\
                        "exclude":["x$"],"maxDepth":3}"""), Map.entry("parse", """
                        {"contentTypes":["text/html","application/json"],"charset":"koi8-r"}"""),
                Map.entry("follow", """
                        [{"css":"a.next","attr":"href","label":"page"},{"json":"/next","attr":"url"}]"""),
                Map.entry("extract", """
                        [{"name":"all","match":"/p/","label":"page","each":{"css":"article"},"fields":[\
                        {"name":"title","css":"h1","attr":"id","list":true,"required":true},\
                        {"name":"price","xpath":"//b","type":"number","regex":"[0-9]+","decimal":","},\
                        {"name":"day","json":"/day","jsonld":"Event","type":"date","format":"d MMMM yyyy",\
                        "locale":"de"},\
                        {"name":"at","from":"fetchedAt","type":"date"},\
                        {"name":"from","from":"url"},\
                        {"name":"one","value":"1"},{"name":"two","value":2},\
                        {"name":"parts","each":{"css":"li"},"fields":[{"name":"n","value":true}]},\
                        {"name":"t2","css":"i","type":"integer"},{"name":"t3","css":"i","type":"boolean"},\
                        {"name":"t4","css":"i","type":"url"},{"name":"t5","css":"i","type":"html"}]}]"""));
    }

    /** No job of version 1 has these. */
    @Test
    void fieldOfEveryOtherSourceIsWrittenLikeThis() {
        List<Field> fields = Stream.concat(
                Stream.of(Field.Fact.LABEL, Field.Fact.REFERRER, Field.Fact.DEPTH, Field.Fact.STATUS, Field.Fact.TITLE)
                        .map(fact -> computed("f", new Field.OfPage(fact, TEXT))),
                Stream.of(computed("f", new Field.OfHeader("ETag", TEXT)),
                        Field.select("f", new Selector.Json("/a", Optional.empty(),
                                Optional.of(new Selector.Css("#d")))).build()))
                .toList();
        List<String> written = fields.stream()
                .map(field -> WrittenJob.of(plain().extract(List.of(new ExtractRule("r", Optional.empty(),
                        Optional.empty(), Optional.empty(), List.of(field)))).build()).get("extract"))
                .toList();

        assertThat(written).extracting(text -> text.substring(text.indexOf("\"f\",") + 4, text.length() - 4))
                .containsExactly("\"from\":\"label\"", "\"from\":\"referrer\"", "\"from\":\"depth\"",
                        "\"from\":\"status\"", "\"from\":\"title\"", "\"from\":\"header:etag\"",
                        "\"json\":\"/a\",\"in\":\"#d\"");
    }

    /** No job has these yet. */
    @Test
    void requestWithEveryDetailIsWrittenLikeThis() {
        Request.Details details = new Request.Details(Request.Method.PUT, Map.of("X-A", "\""),
                Optional.of(new Request.Body("text/plain", "abc")), -1, Map.of("text", "7"));

        assertThat(WrittenJob.of(details)).isEqualTo("""
                {"method":"PUT","headers":{"X-A":"\\""},"contentType":"text/plain","body":"abc","priority":-1,\
                "data":{"text":"7"}}""");
        assertThat(WrittenJob.of(Request.Details.NONE)).isEqualTo("{}");
        assertThat(Stream.of(Request.References.values())
                .map(references -> WrittenJob.of(Request.Details.NONE.with(references))))
                .containsExactly("{}", "{\"secrets\":\"text\"}", "{\"secrets\":\"form\"}", "{\"secrets\":\"json\"}");
    }

    /** No job of version 1 has these. */
    @Test
    void scopeWithEveryKeyIsWrittenLikeThis() {
        Scope scope = Scope.of(20)
                .dropping(DroppedParameters.of(List.of("utm_*", "sid")))
                .skipping(SkippedExtensions.of(List.of("zip", "a")))
                .followingDuplicates(false);
        CrawlJob job = plain().scope(scope).build();
        String written = """
                "dropParameters":["utm_*","sid"],"skipExtensions":["a","zip"],"followDuplicates":false}""";

        assertThat(WrittenJob.of(job)).containsEntry("scope", "{\"hosts\":[\"example.org 80\"]," + written);
        assertThat(FirstIdentity.of(job)).containsEntry("scope", "[[], [example.org:80], [], [], 20]{" + written);
        assertThat(WrittenJob.of(plain().build())).containsEntry("scope", "{\"hosts\":[\"example.org 80\"]}");
    }

    /** No job of version 1 has these. */
    @Test
    void entryOfFollowWithEveryKeyIsWrittenLikeThis() {
        FollowRule standard = new FollowRule(new FollowRule.StandardSet(), Optional.of("l"), -2,
                List.of(TextPattern.of("/a/")), List.of(TextPattern.of("b")),
                List.of(new Field("n", new Field.Constant(7L), true)));
        CrawlJob job = plain().follow(List.of(standard)).build();
        String written = """
                {"standard":true,"label":"l","priority":-2,"include":["/a/"],"exclude":["b"],\
                "data":[{"name":"n","value":7,"required":true}]}""";

        assertThat(WrittenJob.of(job)).containsEntry("follow", "[" + written + "]");
        assertThat(FirstIdentity.of(job)).containsEntry("follow", "Optional[[FollowRule" + written + "]]");
    }

    /** No job of version 1 has these. */
    @Test
    void formWithEveryKeyIsWrittenLikeThis() {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        fields.put("q", List.of("a", "b"));
        fields.put("none", List.of());
        FormFill fill = new FormFill(new Selector.Css("#f"), fields, Optional.of(new Selector.Css(".go")));
        CrawlJob job = plain().follow(List.of(
                new FollowRule(new FollowRule.Form(fill, Optional.of(List.of("q"))), Optional.empty(), 0, List.of(),
                        List.of(), List.of()),
                new FollowRule(new FollowRule.Form(new FormFill(new Selector.Css("form"), Map.of(), Optional.empty()),
                        Optional.empty()), Optional.empty(), 0, List.of(), List.of(), List.of()),
                new FollowRule(new FollowRule.Form(new FormFill(new Selector.Css("form"), Map.of("k",
                        List.of("${KEY}")), Optional.empty()), true, Optional.empty()), Optional.empty(), 0, List.of(),
                        List.of(), List.of())))
                .http(Http.DEFAULT.toBuilder().secrets(Secrets.of(Map.of("KEY", "hush"))).build())
                .build();

        assertThat(WrittenJob.of(job)).containsEntry("follow", """
                [{"form":"#f","submit":".go","fields":[["q",["a","b"]],["none",[]]],"identity":["q"]},\
                {"form":"form","fields":[]},{"form":"form","fields":[["k",["${KEY}"]]],"secrets":true}]""");
        assertThat(WrittenJob.of(new Request.Details(Request.Method.POST, Map.of(),
                Optional.of(new Request.Body("text/plain", "\u00fc", true)), 0, Map.of()))).isEqualTo("""
                        {"method":"POST","contentType":"text/plain","body":"\u00fc","octets":true}""");
    }

    /** What is wanted of a crawl may be another thing in each run, as its limits. */
    @Test
    void whatAJobExpectsIsNoPartOfIt() {
        CrawlJob expecting = plain().expectations(Expectations.NONE.withMinPages(5).withMaxChangePercent(50)).build();

        assertThat(Identity.of(expecting, Map.of())).isEqualTo(Identity.of(plain().build(), Map.of()));
        assertThat(Identity.ofVersion1(expecting, Map.of())).isEqualTo(Identity.ofVersion1(plain().build(), Map.of()));
    }

    @Test
    void jobWithoutAKeySaysNothingOfIt() {
        assertThat(WrittenJob.of(plain().build())).containsExactly(Map.entry("startUrls", """
                [{"url":"http://example.org/"}]"""), Map.entry("sitemaps", "{}"), Map.entry("scope", """
                {"hosts":["example.org 80"]}"""), Map.entry("parse", "{}"), Map.entry("follow", "null"),
                Map.entry("extract", "[]"));
    }

    /** As the records of version 1 wrote themselves. */
    @Test
    void version1WroteAJobLikeThis() {
        assertThat(FirstIdentity.of(full())).containsExactly(Map.entry("startUrls", """
                [Request[url=http://example.org/, depth=0, label=Optional.empty, referrer=Optional.empty], \
                Request[url=http://b.test:8080/l, depth=0, label=Optional[list], referrer=Optional.empty], \
                Request[url=http://example.org/2, depth=2, label=Optional.empty, \
                referrer=Optional[http://example.org/], details={"data":{"page":7}}]]"""), Map.entry("sitemaps", """
                [[http://example.org/s.xml], true]"""), Map.entry("scope", """
                [[Domain[name=example.org, port=0], Domain[name=b.test, port=8080]], [], [/a/, "\\d"], [x$], 3]"""),
                Map.entry("parse", "[[text/html, application/json], koi8-r]"), Map.entry("follow", """
                        Optional[[FollowRule[selector=Css[expression=a.next], attr=href, label=Optional[page]], \
                        FollowRule[selector=Json[expression=/next], attr=url, label=Optional.empty]]]"""),
                Map.entry("extract", "[ExtractRule[name=all, match=Optional[/p/], label=Optional[page], "
                        + "each=Optional[Css[expression=article]], fields=["
                        + selected("title", "Css[expression=h1]", "Optional[id]",
                                "STRING, regex=Optional.empty, decimal=Optional.empty, date=Optional.empty", true)
                        + ", "
                        + selected("price", "XPath[expression=//b]", "Optional.empty",
                                "NUMBER, regex=Optional[[0-9]+], decimal=Optional[COMMA], date=Optional.empty", false)
                        + ", "
                        + selected("day", "Json[expression=/day, jsonld=Event]", "Optional.empty",
                                "DATE, regex=Optional.empty, decimal=Optional.empty, "
                                        + "date=Optional[DatePattern[pattern=d MMMM yyyy, locale=Optional[de]]]",
                                false)
                        + """
                                , Field[name=at, source=OfPage[fact=FETCHED_AT, reading=Reading[type=DATE, \
                                regex=Optional.empty, decimal=Optional.empty, date=Optional.empty]], required=false], \
                                Field[name=from, source=OfPage[fact=URL, reading=Reading[type=STRING, \
                                regex=Optional.empty, decimal=Optional.empty, date=Optional.empty]], required=false], \
                                Field[name=one, source=Constant[value=1], required=false], \
                                Field[name=two, source=Constant[value=2], required=false], \
                                Field[name=parts, source=Nested[each=Optional[Css[expression=li]], \
                                fields=[Field[name=n, source=Constant[value=true], required=false]]], required=false]"""
                        + ", " + typed("t2", "INTEGER") + ", " + typed("t3", "BOOLEAN") + ", " + typed("t4", "URL")
                        + ", "
                        + typed("t5", "HTML") + "]]]"));
    }

    private static String typed(String name, String type) {
        return selected(name, "Css[expression=i]", "Optional.empty",
                type + ", regex=Optional.empty, decimal=Optional.empty, date=Optional.empty", false);
    }

    private static String selected(String name, String selector, String attr, String reading, boolean flags) {
        return "Field[name=" + name + ", source=Selected[selector=" + selector + ", attr=" + attr
                + ", reading=Reading[type=" + reading + "], list=" + flags + "], required=" + flags + "]";
    }

    /** Both as version 1 had it: SHA-256 of the two media types, written as a list. */
    @Test
    void version1DigestedHalfASha256() {
        assertThat(Identity.ofVersion1(plain().build(), Map.of()).parts()).containsEntry("parse",
                "c61f0c7321d3ed2dc6f9a486033a8161");
        assertThat(Identity.of(plain().build(), Map.of()).parts()).containsEntry("parse",
                "44136fa355b3678a1146ad16f7e8649e");
    }

    static Stream<Arguments> changes() {
        Field title = Field.select("title", new Selector.Css("h1")).build();
        return Stream.of(change("startUrls", job -> job.startUrl("http://example.org/2")),
                change("sitemaps", job -> job.sitemap(CanonicalUrl.of("http://example.org/s.xml"))),
                change("sitemaps", job -> job.sitemapsFromRobots(true)),
                change("scope", job -> job.scope(Scope.of(19))),
                change("parse", job -> job.charset("koi8-r")),
                change("parse", job -> job.contentTypes(List.of("text/html"))),
                change("follow", job -> job.follow(List.of())),
                change("extract", job -> job.extract(List.of(new ExtractRule("x", Optional.empty(), Optional.empty(),
                        Optional.empty(), List.of(title))))));
    }

    private static Arguments change(String key, UnaryOperator<CrawlJob.Builder> change) {
        return Arguments.of(key, change);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void jobWithAnotherValueIsAnotherAndSaysOfWhat(String key, UnaryOperator<CrawlJob.Builder> change) {
        CrawlJob changed = change.apply(plain()).build();

        assertThat(Identity.of(changed, Map.of()).differencesFrom(Identity.of(plain().build(), Map.of())))
                .containsExactly(key);
        assertThat(Identity.ofVersion1(changed, Map.of())
                .differencesFrom(Identity.ofVersion1(plain().build(), Map.of()))).containsExactly(key);
    }

    @Test
    void whatMayBeAnotherInEachRunIsInNoIdentity() {
        CrawlJob other = plain().limits(Limits.DEFAULT.toBuilder().maxPages(7).build()).concurrency(3).build();

        assertThat(Identity.of(other, Map.of())).isEqualTo(Identity.of(plain().build(), Map.of()));
        assertThat(Identity.of(other, Map.of("output.pages", "b"))
                .differencesFrom(Identity.of(other, Map.of("output.pages", "a")))).containsExactly("output.pages");
    }
}
