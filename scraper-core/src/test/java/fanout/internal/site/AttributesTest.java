package fanout.internal.site;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttributesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {" href='b'", " href=\"b\"", " href=b", " href=b c", " href = b", "\thref\n=\r'b' /", " a href=b",
                " a=1 href=b", " a='href=c' href=b", " a=\"1\"href=b", " / href=b", " =1 href=b", " hrefs=1 href=b",
                " a= 1 href=b",
                " href='b", " href=b "})
    void valueIsFound(String tag) {
        assertThat(Attributes.value(tag, "href")).contains("b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "/", " href", " href ", " href/", " a=href", " a='href=b'", " a= href=b",
        " hrefs=b", " xhref=b",
        " a=1 =", " a='", " ="})
    void valueIsMissing(String tag) {
        assertThat(Attributes.value(tag, "href")).isEmpty();
    }

    @Test
    void valueMayBeEmptyAndHasItsEntitiesReplaced() {
        assertThat(Attributes.value(" href=", "href")).contains("");
        assertThat(Attributes.value(" href=''", "href")).contains("");
        assertThat(Attributes.value(" href='", "href")).contains("");
        assertThat(Attributes.value(" href='a&amp;b \"c\"'", "href")).contains("a&b \"c\"");
        assertThat(Attributes.value(" href=a/b=c", "href")).contains("a/b=c");
    }
}
