package fanout.internal.parse;

import static fanout.internal.parse.TestPages.html;
import static fanout.internal.parse.TestPages.job;
import static fanout.internal.parse.TestPages.page;
import static fanout.internal.parse.TestPages.parse;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.job.CrawlJob;
import fanout.job.FollowRule;
import fanout.job.Limits;
import fanout.job.Politeness;
import fanout.job.Selector;
import fanout.page.Hyperlink;
import fanout.url.CanonicalUrl;
import java.util.List;
import java.util.Optional;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The links that outcomes keep: which, with what words, and how many at most. */
@Timeout(60)
class KeptLinksTest {

    private static final CrawlJob KEEPING = job().keepLinks().build();

    private static List<Hyperlink> links(CrawlJob job, String markup) throws InterruptedException {
        return parse(job, html(markup)).hyperlinks();
    }

    private static Hyperlink one(String markup) throws InterruptedException {
        List<Hyperlink> links = links(KEEPING, markup);
        assertThat(links).hasSize(1);
        return links.getFirst();
    }

    @Test
    void jobThatDoesNotKeepLinksHasNone() throws InterruptedException {
        assertThat(links(job().build(), "<a href=b>b</a>")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        "<a href=b> one  <b>two</b>&nbsp;three </a>            | one two three",
        "<a href=b>one<br>two<div>three</div>four</a>            | one two three four",
        "<a href=b>t<i>w</i>o</a>                                | two",
        "<a href=b><img src=i alt='a picture'></a>               | a picture",
        "<a href=b title='a title'><img src=i></a>               | a title",
        "<a href=b title='a title'>words</a>                     | words",
        "<a href=b><script>no()</script></a>                     | -",
        "<map><area href=b alt='an area'></map>                  | an area",
        "<iframe src=b title='a frame'></iframe>                 | a frame",
        "<a href=b></a>                                          | -"})
    void textIsWhatAPersonReads(String markup, String text) throws InterruptedException {
        assertThat(one(markup).text()).isEqualTo(Optional.ofNullable(text));
    }

    @Test
    void textsAndRelsAreBounded() throws InterruptedException {
        Hyperlink link = one("<a href=b rel='" + "r".repeat(1_000) + "'>" + "t".repeat(1_000) + "</a>");

        assertThat(link.text().orElseThrow()).hasSize(Hyperlink.LONGEST_TEXT);
        assertThat(link.rel().orElseThrow()).hasSize(Hyperlink.LONGEST_TEXT);
    }

    @Test
    void linkThatStandsTwiceIsThereTwiceInThePagesOrder() throws InterruptedException {
        assertThat(links(KEEPING, "<a href=b>menu</a><a href=c>c</a><a href=b#x>foot</a><a href=mailto:x>no</a>"))
                .extracting(link -> link.to() + " " + link.text().orElse(""))
                .containsExactly("http://example.org/dir/b menu", "http://example.org/dir/c c",
                        "http://example.org/dir/b foot");
    }

    @Test
    void nofollowIsSaidWhateverTheJobObeys() throws InterruptedException {
        assertThat(one("<a href=b rel='ext NoFollow'>b</a>")).matches(Hyperlink::nofollow)
                .extracting(Hyperlink::rel)
                .isEqualTo(Optional.of("ext NoFollow"));
        assertThat(one("<meta name=robots content=nofollow><a href=b>b</a>")).matches(Hyperlink::nofollow);
        assertThat(one("<a href=b rel=next>b</a>")).matches(link -> !link.nofollow());
        CrawlJob disobedient = job().keepLinks()
                .politeness(Politeness.DEFAULT.toBuilder().obeyNofollow(false).build())
                .build();
        assertThat(parse(disobedient, page(TestPages.URL, Optional.empty(), "text/html",
                Headers.of("X-Robots-Tag", "nofollow"), "<a href=b>".getBytes(UTF_8))).hyperlinks())
                .singleElement()
                .matches(Hyperlink::nofollow);
    }

    @Test
    void rulesAddWhatTheyPickElsewhereAndHideNothing() throws InterruptedException {
        CrawlJob job = job().keepLinks()
                .follow(List.of(new FollowRule(new Selector.Css("a.next"), "href", Optional.empty()),
                        new FollowRule(new Selector.Css("div"), "data-href", Optional.empty())))
                .build();

        assertThat(links(job, "<a href=a>a</a><a class=next href=b>b</a><div data-href=c>c</div>"))
                .extracting(link -> link.to() + " " + link.text().orElse("-"))
                .containsExactly("http://example.org/dir/a a", "http://example.org/dir/b b",
                        "http://example.org/dir/c -");
    }

    @Test
    void jobThatFollowsNothingKeepsLinks() throws InterruptedException {
        assertThat(links(job().keepLinks().follow(List.of()).build(), "<a href=a>a</a>")).hasSize(1);
    }

    @Test
    void pageWithAHundredThousandLinksKeepsThemAll() throws InterruptedException {
        int many = 100_000;
        StringBuilder markup = new StringBuilder();
        for (int i = 0; i < many; i++) {
            markup.append("<a href=").append(i).append(">x</a>");
        }
        CrawlJob job = job().keepLinks().limits(Limits.DEFAULT.toBuilder().maxLinksPerPage(many).build()).build();

        List<Hyperlink> links = links(job, markup.toString());

        assertThat(links).hasSize(many);
        assertThat(links.getLast().to()).isEqualTo(CanonicalUrl.of("http://example.org/dir/" + (many - 1)));
    }

    /** A base of 8,000 characters would make gigabytes of them. */
    @Test
    void linesOfOnePageHaveAnEnd() throws InterruptedException {
        String markup = "<base href='/" + "b".repeat(8_000) + "/'>" + "<a href=x>x</a>".repeat(100_000);
        CrawlJob job = job().keepLinks().limits(Limits.DEFAULT.toBuilder().maxLinksPerPage(1).build()).build();

        List<Hyperlink> links = links(job, markup);

        assertThat(links.stream().mapToLong(link -> link.to().length()).sum()).isBetween(900L << 10, 1L << 20);
    }

    /** Links of XHTML may stand in each other, and each has the words of all that are in it. */
    @Test
    void linksInLinksTakeNoLongerThanTheirLimit() throws InterruptedException {
        String markup = "<html xmlns='http://www.w3.org/1999/xhtml'>" + "<a href='b'>".repeat(500)
                + "<i/>".repeat(200_000) + "</a>".repeat(500) + "</html>";

        assertThat(parse(KEEPING, page("application/xhtml+xml", markup.getBytes(UTF_8))).hyperlinks()).hasSize(500);
    }
}
