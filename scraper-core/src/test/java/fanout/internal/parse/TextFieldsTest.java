package fanout.internal.parse;

import static fanout.internal.parse.TestPages.html;
import static fanout.internal.parse.TestPages.result;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.parse.PageParser.ParseResult.Parsed;
import fanout.internal.parse.PageParser.ParseResult.Unparsed;
import fanout.job.CrawlJob;
import fanout.job.ExtractRule;
import fanout.job.Field;
import fanout.job.Limits;
import fanout.job.Reading;
import fanout.job.Selector;
import fanout.outcome.Failure;
import fanout.page.Item;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Elements as text and as Markdown, and the article of a page. */
@Timeout(120)
class TextFieldsTest {

    private static final String NEWS =
            """
                    <html><head><title>Rain in May | The Daily</title><meta name=author content="A. Writer">
                    <meta property="article:published_time" content="2026-05-04T08:00:00Z"></head><body>
                    <header><a href=/>The Daily</a></header><nav><a href=/a>Politics</a> <a href=/b>Sport</a></nav>
                    <div class="page"><div class="story"><h1>Rain in May</h1>
                    <p>It rained for three days, and the river rose by <b>two</b> metres.</p>
                    <p>The <a href="/bridge#now">bridge</a> is closed until the water falls again.</p></div>
                    <div class="related links">More: a storm in April that was worse</div></div>
                    <footer>All rights reserved by the publisher of this paper</footer></body></html>""";

    private static CrawlJob job(Field... fields) {
        return TestPages.job()
                .extract(List.of(new ExtractRule("r", Optional.empty(), Optional.empty(), Optional.empty(),
                        List.of(fields))))
                .build();
    }

    private static Field field(Reading.Type type) {
        return Field.select("v", new Selector.Css("body")).type(type).build();
    }

    private static Field article(Field.ArticlePart part) {
        return new Field("v", new Field.OfArticle(part), false);
    }

    private static Object value(String html, Field field) throws InterruptedException {
        List<Item> items = ((Parsed) result(job(field), html(html))).items();
        return items.isEmpty() ? "" : String.valueOf(items.getFirst().fields().get("v"));
    }

    static Stream<Arguments> markdown() {
        return Stream.of(
                Arguments.of("<h2>A <em>b</em></h2><p>x", "## A *b*\n\nx"),
                Arguments.of("a<br>b", "a\\\nb"),
                Arguments.of("<p> a <b> b </b>c", "a **b** c"),
                Arguments.of("<b>a</b><b>b</b>", "**ab**"),
                Arguments.of("<b>a:</b>b", "a:b"),
                Arguments.of("<b></b><i> </i>x", "x"),
                Arguments.of("<a href='b c#d'>t</a>", "[t](http://example.org/dir/b%20c#d)"),
                Arguments.of("<a href='x(1)'>t</a>", "[t](http://example.org/dir/x%281%29)"),
                Arguments.of("<a href='javascript:x'>t</a>", "t"),
                Arguments.of("<a href=x></a>y", "y"),
                Arguments.of("wow!<a href=x>t</a>", "wow\\![t](http://example.org/dir/x)"),
                Arguments.of("<img alt='a]b' src=i.png>", "![a\\]b](http://example.org/dir/i.png)"),
                Arguments.of("<img alt=a src='data:x'>", "a"),
                Arguments.of("<code>a`b</code> <code>c</code><code>d</code>", "``a`b`` `cd`"),
                Arguments.of("<code>a <a href=x>b</a></code>", "`a` [`b`](http://example.org/dir/x)"),
                Arguments.of("a*b_c_d snake_case # 1. [x] &lt;b> &amp;lt;",
                        "a\\*b_c_d snake_case # 1. \\[x] \\<b> \\&lt;"),
                Arguments.of("<p># a<p>1. b<p>- c<p>+ d<p>&gt; e<p>---<p>-x",
                        "\\# a\n\n1\\. b\n\n\\- c\n\n\\+ d\n\n\\> e\n\n\\---\n\n-x"),
                Arguments.of("<ul><li>a<ul><li>b</ul><li>c</ul>", "- a\n  - b\n- c"),
                Arguments.of("<ul><li>a</ul><ul><li>b</ul>", "- a\n\n* b"),
                Arguments.of("<ol start=9><li><p>a<p>b<li>c</ol>", "9. a\n\n   b\n\n10. c"),
                Arguments.of("<ol><li><ul><li>a</ul></ol>", "1. - a"),
                Arguments.of("<dl><dt>t<dd>m<dd>n</dl>", "- t\n\n  m\n\n  n"),
                Arguments.of("<blockquote><p>a<p>b</blockquote>c", "> a\n>\n> b\n\nc"),
                Arguments.of("<figure><img src=i></figure><blockquote>q</blockquote>",
                        "![](http://example.org/dir/i)\n\n> q"),
                Arguments.of("<pre><code class='language-java'>a\n  ```b\n</code></pre>",
                        "````java\na\n  ```b\n````"),
                Arguments.of("<li>x<pre>a\n\nb</pre>", "x\n\n```\na\n\nb\n```"),
                Arguments.of("<table><thead><tr><th>a<th align=right>b|<tbody><tr><td><p>1<p>2<td><code>x|y</code>"
                        + "</table>", "| a | b\\| |\n| --- | ---: |\n| 1<br>2 | `x\\|y` |"),
                Arguments.of("<table><tr><td rowspan=2>a<td>b<tr><td>c<tr><td colspan=2>d</table>",
                        "|  |  |\n| --- | --- |\n| a | b |\n|  | c |\n| d |  |"),
                Arguments.of("<table><tr><td><h2>a</h2><td>b</table>", "## a\n\nb"),
                Arguments.of("10<sup>2</sup> <del>x</del>", "10<sup>2</sup> ~~x~~"),
                Arguments.of("<h2>T<a href='#t'>¶</a></h2>", "## T"),
                Arguments.of("a<script>b</script><p hidden>c<p style='display: none'>d", "a"),
                Arguments.of("<a href=x><h3>a</h3><p>b</p></a>", "[a b](http://example.org/dir/x)"));
    }

    @ParameterizedTest
    @MethodSource("markdown")
    void markdownKeepsWhatAPageSays(String html, String expected) throws InterruptedException {
        assertThat(value("<body>" + html, field(Reading.Type.MARKDOWN))).isEqualTo(expected);
    }

    static Stream<Arguments> text() {
        return Stream.of(
                Arguments.of("<h1>A</h1><p>b\n  c<p>d<div>e</div><div>f</div>", "A\n\nb c\n\nd\n\ne\nf"),
                Arguments.of("a<br>b<br><br>c", "a\nb\n\nc"),
                Arguments.of("<ul><li>a<li>b</ul>c", "a\nb\n\nc"),
                Arguments.of("<pre>a\n  b\n</pre>c", "a\n  b\n\nc"),
                Arguments.of("<table><tr><td>a<td><p>b<p>c<tr><td>d<td>e</table>", "a\tb c\nd\te"),
                Arguments.of("a <b> b</b>&nbsp;c&shy;d", "a b cd"),
                Arguments.of("a<script>b</script><p hidden>c<a href='#x'>¶</a>", "a"));
    }

    @ParameterizedTest
    @MethodSource("text")
    void textHasALineForEachBlock(String html, String expected) throws InterruptedException {
        assertThat(value("<body>" + html, field(Reading.Type.TEXT))).isEqualTo(expected);
    }

    @Test
    void whatIsNoElementIsText() throws InterruptedException {
        Field.Builder text = Field.select("v", new Selector.XPath("//p/text()"));
        assertThat(value("<body><p>a *b*", text.type(Reading.Type.MARKDOWN).build())).isEqualTo("a \\*b\\*");
        assertThat(value("<body><p>a *b*", text.type(Reading.Type.TEXT).build())).isEqualTo("a *b*");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            TITLE, Rain in May
            BYLINE, A. Writer
            PUBLISHED, 2026-05-04T08:00:00Z
            """)
    void anArticleHasWhatThePageSaysOfIt(Field.ArticlePart part, String expected) throws InterruptedException {
        assertThat(value(NEWS, article(part))).isEqualTo(expected);
    }

    @Test
    void anArticleIsThePageWithoutNavigation() throws InterruptedException {
        assertThat(value(NEWS, article(Field.ArticlePart.TEXT))).isEqualTo("""
                Rain in May

                It rained for three days, and the river rose by two metres.

                The bridge is closed until the water falls again.""");
        assertThat(value(NEWS, article(Field.ArticlePart.MARKDOWN))).isEqualTo("""
                # Rain in May

                It rained for three days, and the river rose by **two** metres.

                The [bridge](http://example.org/bridge#now) is closed until the water falls again.""");
    }

    @Test
    void theElementThatThePageNamesIsTheArticle() throws InterruptedException {
        assertThat(value("<body><p>" + "long text elsewhere ".repeat(50) + "<main><p>mine</main>",
                article(Field.ArticlePart.TEXT))).isEqualTo("mine");
    }

    @Test
    void jsonLdNamesTheAuthorsOfAnArticle() throws InterruptedException {
        String page = """
                <body><script type="application/ld+json">{"@type": "NewsArticle", "headline": "Other",
                "datePublished": "2026-01-02", "author": [{"name": "A"}, {"name": "B"}]}</script><p>x""";
        assertThat(value(page, article(Field.ArticlePart.BYLINE))).isEqualTo("A, B");
        assertThat(value(page, article(Field.ArticlePart.TITLE))).isEqualTo("Other");
        assertThat(value(page, article(Field.ArticlePart.PUBLISHED))).isEqualTo("2026-01-02");
    }

    @ParameterizedTest
    @EnumSource(Field.ArticlePart.class)
    void aPageWithoutAnArticleHasNoValue(Field.ArticlePart part) throws InterruptedException {
        assertThat(value("", article(part))).isEqualTo("");
    }

    /** A tenth of each in a plain build. */
    static Stream<String> hostile() {
        int part = Boolean.getBoolean("fanout.ci") ? 1 : 10;
        return Stream.of("<div>".repeat(100_000 / part) + "x",
                "<ul><li>x".repeat(50_000 / part),
                "<blockquote>x".repeat(50_000 / part),
                "<b>x<i>y".repeat(50_000 / part),
                "<a href=x><table><tr><td>x".repeat(20_000 / part),
                "<table>" + "<tr><td>x<td>y".repeat(500_000 / part),
                "<table><tr>" + "<td rowspan=60000>x".repeat(1_000) + "<tr><td>y".repeat(10_000 / part),
                "<table><tr><td>" + "y".repeat(100_000 / part) + "<td>z" + "<tr><td colspan=1000>x".repeat(1_000),
                "<p>" + "word ".repeat(2_000_000 / part),
                "<p>" + "<code>x</code>".repeat(200_000 / part),
                "<p>" + "`*_[&<".repeat(300_000 / part),
                "<pre>" + "<b>\n".repeat(300_000 / part),
                "<nav class='a b c d e f g h'>x".repeat(50_000 / part),
                "<aside>x".repeat(50_000 / part),
                "<dl>" + "<dt>x<dd>y".repeat(200_000 / part));
    }

    @Test
    void wordsThatAreNestedDeeplyAreKept() throws InterruptedException {
        String page = "<body>" + "<div>".repeat(400) + "a<p>b<script>c</script><b>d</b>e";
        assertThat(value(page, field(Reading.Type.TEXT))).isEqualTo("a bde");
        assertThat(value(page, field(Reading.Type.MARKDOWN))).isEqualTo("a bde");
    }

    /** A page that has more to say than it may, or takes longer, is one that cannot be read. */
    @ParameterizedTest
    @MethodSource("hostile")
    void hostilePagesAreReadWithinTheirBounds(String html) throws InterruptedException {
        Duration timeout = Duration.ofSeconds(Boolean.getBoolean("fanout.ci") ? 20 : 2);
        CrawlJob.Builder job =
                TestPages.job().limits(Limits.DEFAULT.toBuilder().requestTimeout(timeout).build());
        for (Field field : List.of(field(Reading.Type.TEXT), field(Reading.Type.MARKDOWN),
                article(Field.ArticlePart.MARKDOWN))) {
            CrawlJob one = job.extract(List.of(new ExtractRule("r", Optional.empty(), Optional.empty(),
                    Optional.empty(), List.of(field)))).build();
            long began = System.nanoTime();
            switch (result(one, html("<body>" + html))) {
                case Parsed parsed -> assertThat(parsed.items().size()).isLessThanOrEqualTo(1);
                case Unparsed(Failure failure) -> assertThat(failure)
                        .isInstanceOfAny(Failure.Parse.class, Failure.TimedOut.class)
                        .as("%s", html.substring(0, 30))
                        .asString()
                        .doesNotContain("StackOverflow", "Exception");
                case PageParser.ParseResult.Expired _ -> throw new AssertionError();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(40));
        }
    }
}
