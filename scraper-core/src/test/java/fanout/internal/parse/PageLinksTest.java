package fanout.internal.parse;

import static fanout.internal.parse.TestPages.disobedientJob;
import static fanout.internal.parse.TestPages.documentJob;
import static fanout.internal.parse.TestPages.html;
import static fanout.internal.parse.TestPages.job;
import static fanout.internal.parse.TestPages.page;
import static fanout.internal.parse.TestPages.parse;
import static fanout.internal.parse.TestPages.urls;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.parse.PageParser.ParseResult.Parsed;
import fanout.job.FollowRule;
import fanout.job.Limits;
import fanout.job.Selector;
import fanout.page.Extractor;
import fanout.page.Link;
import fanout.page.PageFollow;
import fanout.url.CanonicalUrl;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which links of a page are followed, in which order, and which are dropped. */
class PageLinksTest {

    private static List<String> links(String html) throws InterruptedException {
        return urls(parse(html(html)));
    }

    @Test
    void followsTheStandardLinkSetInDocumentOrder() throws InterruptedException {
        assertThat(links("""
                <head><link rel="stylesheet" href=no1><link rel=" NEXT prefetch" href=l1><link rel=nextpage href=no2>
                <meta http-equiv=Refresh content="5; URL='m1'"><script src=no3></script></head>
                <body><a href=a1>x</a><a name=no4>x</a><img src=no5><map><area href=r1></map><iframe src=i1></iframe>
                <p><A HREF="a2">x</A></p><form action=no6></form><a>x</a><svg><a href=a3>x</a></svg></body>"""))
                .containsExactly("http://example.org/dir/l1", "http://example.org/dir/m1", "http://example.org/dir/a1",
                        "http://example.org/dir/r1", "http://example.org/dir/i1", "http://example.org/dir/a2",
                        "http://example.org/dir/a3");
        assertThat(links("<frameset><frame src=f1><frame src=f2></frameset>"))
                .containsExactly("http://example.org/dir/f1", "http://example.org/dir/f2");
    }

    /** What stands there says the same by the scan and by the document. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "<div><template><a href=1></a><iframe src=2></iframe></template></div><a href=3>             | dir/3",
        "<template><base href=/x/></template><a href=1>                                             | dir/1",
        "<div><template><base href=/x/></template></div><base href=/y/><a href=1>                   | y/1",
        "<div><template><meta name=robots content=nofollow></template></div><a href=1>              | dir/1",
        "<div><template><meta http-equiv=refresh content='0; url=1'></template></div><a href=2>     | dir/2",
        "<div><template><link rel=next href=1></template></div><area href=2>                        | dir/2",
        "<div><template><div><template></template><a href=1></a></template><a href=2>               | dir/2",
        "<table><template><tr><td><a href=1></a></template></table><a href=2>                       | dir/2",
        "<div><noscript><template><a href=1></a></template></noscript><a href=2>                    | dir/2",
        "<div><template><a href=1>                                                                  |",
        "<svg><base href=/x/></base></svg><a href=1>                                                | dir/1",
        "<math><base href=/x/></base></math><a href=1>                                              | dir/1",
        "<svg><foreignObject><base href=/x/></foreignObject></svg><a href=1>                        | x/1",
        "<svg><link rel=next href=1></link><iframe src=2></iframe><a href=3></a></svg>              | dir/3",
        "<svg><template><a href=1></a></template></svg>                                             | dir/1",
        "<svg><desc><template><a href=1></a></template></desc></svg><a href=2>                      | dir/2"})
    void countsNothingInTemplatesAndOfDrawingsOnlyTheirLinks(String html, @Nullable String path)
            throws InterruptedException {
        List<String> expected = path == null ? List.of() : List.of("http://example.org/" + path);
        assertThat(links(html)).isEqualTo(expected);
        assertThat(urls(parse(documentJob().build(), html(html)))).as("by the document").isEqualTo(expected);
    }

    @Test
    void countsNothingInTheTemplatesAndDrawingsOfXhtml() throws InterruptedException {
        Parsed parsed = parse(page("application/xhtml+xml",
                """
                        <html xmlns="http://www.w3.org/1999/xhtml"><body><svg xmlns="http://www.w3.org/2000/svg">
                        <title>s</title><base href="/x/"/><a href="1"/></svg>
                        <template><title>t</title><a href="2"/></template>
                        <title>page</title><a href="3"/></body></html>"""
                        .getBytes(StandardCharsets.UTF_8)));
        assertThat(urls(parsed)).containsExactly("http://example.org/dir/1", "http://example.org/dir/3");
        assertThat(parsed.content().title()).contains("page");
        Parsed feed = parse(page("application/rss+xml",
                "<rss><channel><title>feed</title></channel></rss>".getBytes(StandardCharsets.UTF_8)));
        assertThat(feed.content().title()).isEmpty();
        Parsed bare = parse(page("application/xhtml+xml",
                "<html><head><title>bare</title></head></html>".getBytes(StandardCharsets.UTF_8)));
        assertThat(bare.content().title()).contains("bare");
    }

    @Test
    void keepsOneOfEachByCanonicalUrl() throws InterruptedException {
        Parsed parsed =
                parse(html("<a href=b><a href=a><a href=./a#x><a href=%61><a href='HTTP://example.org:80/dir/b'>"));
        assertThat(urls(parsed)).containsExactly("http://example.org/dir/b", "http://example.org/dir/a");
        assertThat(parsed.content().links()).isEqualTo(2);
        assertThat(parsed.dropped()).isZero();
    }

    @Test
    void countsFragmentsAsOneLinkToTheBase() throws InterruptedException {
        Parsed parsed = parse(html("<a href='#a' rel=nofollow><a href='#b'><a href='#c'><a href=x><a href='#d'>"));
        assertThat(urls(parsed)).containsExactly(TestPages.URL, "http://example.org/dir/x");
        assertThat(parsed.content().links()).isEqualTo(2);
        assertThat(parse(html("<a href='#a' rel=nofollow><a href='#b' rel=nofollow>")).dropped()).isEqualTo(1);
    }

    @Test
    void countsNothingThatIsNoLink() throws InterruptedException {
        Parsed parsed = parse(
                html("""
                        <a href="javascript:go()"><a href="mailto:a@example.org"><a href="http://u:p@example.org/"><a href="http://[">
                        <a href="tel:1"><a href="data:,x"><iframe src="about:blank"></iframe><a href="ftp://example.org/">"""));
        assertThat(parsed.links()).isEmpty();
        assertThat(parsed.content().links()).isZero();
        assertThat(parsed.dropped()).isZero();
    }

    @Test
    void resolvesAgainstTheFirstBaseElementWithAnHref() throws InterruptedException {
        assertThat(links("<a href=a></a><base target=_top><base href='/x/y'><base href='/z/'><a href=b>"))
                .containsExactly("http://example.org/x/a", "http://example.org/x/b");
        assertThat(links("<base href='//other.org'><a href=b>")).containsExactly("http://other.org/b");
        assertThat(links("<base href='javascript:x'><base href='/z/'><a href=b>"))
                .as("an unusable base is none")
                .containsExactly("http://example.org/dir/b");
    }

    @Test
    void obeysNofollowOnLinks() throws InterruptedException {
        String html = "<a href=a rel='noopener NoFollow'><a href=b rel=nofollowing><a href=c rel=nofollow><a href=c>"
                + "<area href=d rel=nofollow><link rel='next nofollow' href=e>";
        Parsed parsed = parse(html(html));
        assertThat(urls(parsed)).containsExactly("http://example.org/dir/b", "http://example.org/dir/c");
        assertThat(parsed.content().links()).isEqualTo(5);
        assertThat(parsed.dropped()).isEqualTo(3);

        Parsed disobedient = parse(disobedientJob().build(), html(html));
        assertThat(disobedient.links()).hasSize(5);
        assertThat(disobedient.dropped()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"<meta name=robots content=nofollow>", "<META NAME=' Robots ' CONTENT='noindex, NOFOLLOW'>",
        "<meta name=robots content=none>", "<a href=x></a><body><meta name=robots content='nofollow'>",
        "<meta name=fanout-scraper content=nofollow>"})
    void obeysNofollowInMetaRobots(String meta) throws InterruptedException {
        String html = meta + "<a href=x></a><a href=y></a>";
        Parsed parsed = parse(html(html));
        assertThat(parsed.links()).isEmpty();
        assertThat(parsed.content().links()).isEqualTo(2);
        assertThat(parsed.dropped()).isEqualTo(2);
        assertThat(parse(disobedientJob().build(), html(html)).links()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<meta name=robots content='index, follow, noindex'>",
        "<meta name=otherbot content=nofollow>",
        "<meta name=description content=nofollow>", "<meta name=robots>"})
    void followsWhereMetaSaysNothingAgainstIt(String meta) throws InterruptedException {
        assertThat(links(meta + "<a href=x></a>")).hasSize(1);
    }

    @Test
    void obeysXRobotsTag() throws InterruptedException {
        Headers headers = Headers.of("X-Robots-Tag", "noindex", "x-robots-tag", "fanout-scraper: nofollow");
        byte[] body = "<a href=x>".getBytes(StandardCharsets.UTF_8);
        RawPage page = page(TestPages.URL, Optional.empty(), "text/html", headers, body);
        assertThat(parse(page).links()).isEmpty();
        assertThat(parse(page).dropped()).isEqualTo(1);
        assertThat(parse(disobedientJob().build(), page).links()).hasSize(1);
    }

    @Test
    void dropsLinksBeyondTheLimits() throws InterruptedException {
        Limits tight = Limits.DEFAULT.toBuilder().maxLinksPerPage(2).maxUrlLength(30).build();
        Parsed parsed = parse(job().limits(tight).build(),
                html("<a href=/0123456789ab><a href=/0123456789a><a href=/b><a href=/b rel=nofollow><a href=/c>"));
        assertThat(urls(parsed)).containsExactly("http://example.org/0123456789a", "http://example.org/b");
        assertThat(parsed.content().links()).isEqualTo(4);
        assertThat(parsed.dropped()).isEqualTo(2);
    }

    @Test
    void followsExactlyTheRulesIfThereAreSome() throws InterruptedException {
        List<FollowRule> rules = List.of(
                new FollowRule(new Selector.Css("li.next a"), "href", Optional.of("page")),
                new FollowRule(new Selector.XPath("//div[@data-url]"), "data-url", Optional.empty()),
                new FollowRule(new Selector.XPath("//h2/a/@href"), "href", Optional.of("detail")),
                new FollowRule(new Selector.Css("a[href]"), "href", Optional.of("any")));
        Parsed parsed = parse(job().follow(rules.subList(0, 3)).build(),
                html("""
                        <base href=/b/><a href=no></a><h2><a href=h></a></h2><div data-url=d></div><li class=next><a href=n></a><a></a>
                        <h2><a href=n></a></h2>"""));
        assertThat(parsed.links()).containsExactly(
                new Link(CanonicalUrl.of("http://example.org/b/n"), Optional.of("page")),
                new Link(CanonicalUrl.of("http://example.org/b/d"), Optional.empty()),
                new Link(CanonicalUrl.of("http://example.org/b/h"), Optional.of("detail")));
        assertThat(parsed.content().links()).as("with the one that no rule picks").isEqualTo(4);
        assertThat(parsed.dropped()).isZero();

        Parsed obedient = parse(job().follow(rules).build(),
                html("<li class=next><a rel=nofollow href=n></a></li><a href=x>"));
        assertThat(urls(obedient)).containsExactly("http://example.org/dir/x");
        assertThat(obedient.dropped()).isEqualTo(1);
    }

    @Test
    void followsNothingIfTheListOfRulesIsEmpty() throws InterruptedException {
        Parsed parsed = parse(job().follow(List.of()).build(), html("<a href=x>"));
        assertThat(parsed.links()).isEmpty();
        assertThat(parsed.dropped()).isZero();
    }

    /** Read as a stream, and as a tree because of a rule or because the stream cannot be sure. */
    @Test
    void countsTheLinksOfThePageWhicheverAreFollowed() throws InterruptedException {
        String html = "<a href=x><a href=y rel=nofollow><a href=./x#z><a href=mailto:a@example.org><b data-url=d></b>";
        List<FollowRule> none = List.of(new FollowRule(new Selector.Css("h6 a"), "href", Optional.empty()));
        List<FollowRule> more = List.of(new FollowRule(new Selector.Css("a, b"), "href", Optional.empty()),
                new FollowRule(new Selector.Css("b"), "data-url", Optional.empty()));
        for (String page : List.of(html, html + "<select><svg>")) {
            assertThat(parse(html(page)).content().links()).isEqualTo(2);
            assertThat(parse(job().follow(List.of()).build(), html(page)).content().links()).isEqualTo(2);
            assertThat(parse(job().follow(none).build(), html(page)).content().links()).isEqualTo(2);
            Parsed parsed = parse(job().follow(more).build(), html(page));
            assertThat(parsed.content().links()).isEqualTo(3);
            assertThat(parsed.dropped()).as("the one that is nofollow").isEqualTo(1);
        }
        byte[] xml = "<r><a href='x'/><a href='x'/><a href='y'/></r>".getBytes(StandardCharsets.UTF_8);
        assertThat(parse(job().follow(List.of()).build(), page("application/xhtml+xml", xml)).content().links())
                .isEqualTo(2);
    }

    @Test
    void tellsOfEachFollowRuleWhatItPickedAndCountsIt() throws InterruptedException {
        List<FollowRule> rules = List.of(
                new FollowRule(new Selector.Css("a"), "href", Optional.empty()),
                new FollowRule(new Selector.XPath("//h6/a/@href"), "href", Optional.empty()),
                new FollowRule(new Selector.Json("/next", Optional.of("List")), "href", Optional.empty()),
                new FollowRule(new Selector.Json("/all"), "/to/url", Optional.empty()),
                new FollowRule(new Selector.Json("/none"), "href", Optional.empty()));
        String json =
                "<script type=application/ld+json>{\"@type\": \"List\", \"next\": 5, \"all\": [\"x\", null, \" \", "
                        + "true, "
                        + "[\"y\"], {\"url\": \"z\"}, {\"to\": {\"url\": 7}}, {\"to\": {\"url\": \"/8\"}}]}</script>";
        List<PageFollow> follows = new ArrayList<>();
        PageParser parser = TestPages.parser(job().follow(rules).build(),
                (page, _) -> follows.addAll(page.follows()));
        Parsed parsed = (Parsed) TestPages.within(Duration.ofSeconds(20), () -> TestPages.parse(parser, html(json
                + "<a href=a></a><a name=b></a><a href=''></a><a href=mailto:a@example.org></a><a href=./a></a>")));

        assertThat(urls(parsed)).containsExactly("http://example.org/dir/a", "http://example.org/dir/x",
                "http://example.org/8");
        assertThat(follows).containsExactly(
                new PageFollow("css a", 5, 2,
                        List.of("no attribute \"href\"", "the text is empty", "not an http or https URL")),
                new PageFollow("xpath //h6/a/@href", 0, 0, List.of("no match")),
                new PageFollow("jsonld List, json /next", 1, 0, List.of("it is a number, not a string")),
                new PageFollow("json /all", 7, 2,
                        List.of("the text is empty", "it is true or false, not a string",
                                "it is an array, not a string",
                                "an object without the member \"/to/url\"",
                                "its member \"/to/url\" is a number, not a string")),
                new PageFollow("json /none", 0, 0, List.of("no match in the page's JSON-LD: the page has List")));

        TestPages.within(Duration.ofSeconds(20), () -> TestPages.parse(parser, html("<a name=c></a><h6><a href=d>")));
        FollowTally.Sum.Example first = new FollowTally.Sum.Example(CanonicalUrl.of(TestPages.URL),
                "no attribute \"href\"");
        assertThat(parser.follows()).startsWith(new FollowTally.Sum("css a", 3, 4, first),
                new FollowTally.Sum("xpath //h6/a/@href", 1, 0, null)).hasSize(5);
    }

    @Test
    void tellsOfEachLinkOnceWhatBecameOfIt() throws InterruptedException {
        List<FollowRule> rules = List.of(new FollowRule(new Selector.Css("p a"), "href", Optional.empty()));
        List<String> fates = new ArrayList<>();
        Extractor asking =
                (page, _) -> page.links().forEach(link -> fates.add(link.href() + " " + link.fate()));
        PageParser parser = TestPages.parser(job().follow(rules).build(), asking);
        TestPages.within(Duration.ofSeconds(20), () -> TestPages.parse(parser,
                html("<a href=no></a><p><a href=a></a><a href=./a></a><a href=mailto:a@example.org></a></p><a "
                        + "href=tel:1>")));
        assertThat(fates).containsExactly("a FOLLOWED", "./a DUPLICATE", "mailto:a@example.org NOT_HTTP",
                "no UNSELECTED", "tel:1 UNSELECTED");
    }
}
