package fanout.internal.parse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetaRefreshTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "5; url=next.html       | next.html",
        "0;URL=next.html        | next.html",
        "0,url=next.html        | next.html",
        "0 url=next.html        | next.html",
        "` 5 ;  url = next.html`| next.html",
        "1.5; url=a;b           | a;b",
        ".5; url=a              | a",
        "5; url='a b' c         | a b",
        "5; url=\"a             | a",
        "5; next.html           | next.html",
        "5; 'next.html'         | next.html",
        "9; url=a               | a",
        "5; url=                | ``",
        "5; url                 | url",
        "5; urls=x              | urls=x",
        "5; u                   | u"})
    void findsTheUrl(String content, String url) {
        assertThat(MetaRefresh.url(content)).contains(url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "5", "5;", "5 ; ", "url=x", "x; url=y", "-1; url=x", "5x; url=y", "; url=x"})
    void findsNoneWhereThereIsNone(String content) {
        assertThat(MetaRefresh.url(content)).isEmpty();
    }
}
