package fanout.internal.parse;

import static fanout.internal.parse.TestPages.job;
import static fanout.internal.parse.TestPages.page;
import static fanout.internal.parse.TestPages.parse;
import static fanout.internal.parse.TestPages.urls;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.job.ExtractRule;
import fanout.job.Field;
import fanout.job.FollowRule;
import fanout.job.Reading;
import fanout.job.Selector;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The queries of a page's links are written in the page's encoding, all else in UTF-8. */
class PageEncodingTest {

    private static final String PRIVET = "\u043f\u0440\u0438\u0432\u0435\u0442";

    private static RawPage russian(String html) {
        return page("text/html; charset=windows-1251", html.getBytes(Charset.forName("windows-1251")));
    }

    private static RawPage utf8(String charset, String html) {
        byte[] body = html.getBytes(StandardCharsets.UTF_8);
        return page("text/html; charset=" + charset, body);
    }

    @Test
    void asksAsTheServerExpects() throws InterruptedException {
        assertThat(urls(parse(russian("<a href='/find?q=" + PRIVET + "'>"))))
                .containsExactly("http://example.org/find?q=%EF%F0%E8%E2%E5%F2");
    }

    @ParameterizedTest
    @CsvSource({"?q=\u0439&r=%ef%41+%7e, ?q=%E9&r=%EFA+~", "?\u0439, ?%E9", "\u0439?\u0439#\u0439, %D0%B9?%E9",
        "a#?\u0439, a", "?a?\u0439, ?a?%E9", "?\u0439 \"'<>\\|^`, ?%E9%20%22%27%3C%3E\\|^`"})
    void keepsPathsInUtf8AndEscapesAsTheyAre(String href, String query) throws InterruptedException {
        String link = "<a href=\"" + href.replace("\"", "&quot;") + "\">";
        String start = query.startsWith("?") ? "http://example.org/dir/page.html" : "http://example.org/dir/";
        assertThat(urls(parse(russian(link)))).containsExactly(start + query);
    }

    @Test
    void writesWhatTheEncodingLacksAsFormsDo() throws InterruptedException {
        assertThat(urls(parse(russian("<a href='?q=&#x65e5;\u0439&#x1f600;'>"))))
                .containsExactly("http://example.org/dir/page.html?q=%26%2326085%3B%E9%26%23128512%3B");
    }

    @Test
    void readsLinksAsTheyStandInThePage() throws InterruptedException {
        byte[] body = "<a href='?q=\u65e5\u672c'>".getBytes(Charset.forName("windows-31j"));
        assertThat(urls(parse(page("text/html; charset=sjis", body))))
                .containsExactly("http://example.org/dir/page.html?q=%93%FA%96{");
    }

    @ParameterizedTest
    @CsvSource({"utf-8", "nonsense"})
    void writesUtf8OnPagesInUtf8(String charset) throws InterruptedException {
        assertThat(urls(parse(utf8(charset, "<a href='?q=\u0439'>"))))
                .containsExactly("http://example.org/dir/page.html?q=%D0%B9");
    }

    @Test
    void writesUtf8OnPagesInUtf16() throws InterruptedException {
        byte[] body = "\ufeff<a href='?q=\u0439'>".getBytes(StandardCharsets.UTF_16LE);
        assertThat(urls(parse(page("text/html", body)))).containsExactly("http://example.org/dir/page.html?q=%D0%B9");
    }

    @Test
    void findsNothingOnAPageThatHidesItsMarkup() throws InterruptedException {
        var parsed = parse(utf8("iso-2022-kr", "<title>x</title><a href=x>"));
        assertThat(parsed.links()).isEmpty();
        assertThat(parsed.content().title()).isEmpty();
        assertThat(parsed.content().charset()).contains("ISO-2022-KR");
    }

    @Test
    void writesRefreshesAndBasesAlike() throws InterruptedException {
        assertThat(urls(parse(russian("<meta http-equiv=refresh content='0; url=/x?\u0439'><base href='/y?\u0436'>"
                + "<a href='#z'><a href='?\u0439'>"))))
                .containsExactly("http://example.org/x?%E9", "http://example.org/y?%E6", "http://example.org/y?%E9");
    }

    @Test
    void writesFollowedLinksAndFieldsAlike() throws InterruptedException {
        Field field = Field.select("link", new Selector.Css("b")).attr("data-url").type(Reading.Type.URL).build();
        var rule = new ExtractRule("rule", Optional.empty(), Optional.empty(), Optional.empty(), List.of(field));
        var follow = new FollowRule(new Selector.Css("b"), "data-url", Optional.empty());
        var parsed =
                parse(job().follow(List.of(follow)).extract(List.of(rule)).build(), russian("<b data-url='?\u0439'>"));
        assertThat(urls(parsed)).containsExactly("http://example.org/dir/page.html?%E9");
        assertThat(parsed.items()).singleElement()
                .satisfies(item -> assertThat(item.fields()).containsEntry("link",
                        "http://example.org/dir/page.html?%E9"));
    }
}
