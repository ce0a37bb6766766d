package fanout.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            h1::text              | use css h1 alone: the text is what a field takes
            a::attr(href)         | use css a with attr: href
            a.x ::attr( data-y )  | use css a.x with attr: data-y
            ::text                | use css * alone
            h1::text, h2::text    | use css h1, h2 alone
            """)
    void whatIsScrapysAloneIsRefusedWithWhatToWrite(String css, String cure) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Selector.Css(css)).withMessageContaining(cure);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h1", "a:has(b)", "a[href*=::text]", "[title=\"::text\"]", "p:has(::text:contains(x))"})
    void whatOnlyLooksLikeItIsASelector(String css) {
        assertThat(new Selector.Css(css).expression()).isEqualTo(css);
    }

    @Test
    void aPointerIsCheckedWhenTheSelectorIsMade() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Selector.Json("offers"))
                .withMessageContaining("begin with /");
    }

    @Test
    void aPointerMayHaveNoTypeButNoBlankOne() {
        assertThat(new Selector.Json("/name")).isEqualTo(new Selector.Json("/name", Optional.empty()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Selector.Json("/name", Optional.of(" ")))
                .withMessage("jsonld must not be blank");
    }

    @ParameterizedTest
    @CsvSource({"'', 'not a CSS selector:  (it is empty)'", "' ', 'not a CSS selector:   (it is empty)'",
        "h1..title, 'not a CSS selector: h1..title (a name is missing, behind a dot or in brackets)'",
        "a[=x], 'not a CSS selector: a[=x] (a name is missing, behind a dot or in brackets)'"})
    void whatIsWrongWithASelectorIsSaid(String expression, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Selector.Css(expression)).withMessage(message);
    }

    @Test
    void whatTheParserSaysIsPassedOn() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Selector.Css("a["))
                .satisfies(e -> assertThat(e.getMessage()).startsWith("not a CSS selector: a[ (")
                        .contains(e.getCause().getMessage()));
    }
}
