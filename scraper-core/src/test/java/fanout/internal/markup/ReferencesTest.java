package fanout.internal.markup;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.markup.Tag.References;
import java.util.List;
import java.util.SplittableRandom;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** jsoup is the oracle: what is resolved here is what jsoup would have made of it. */
class ReferencesTest {

    private static final List<String> PIECES =
            List.of("&", "#", ";", "x", "X", "a", "amp", "lt", "gt", "quot", "apos", "nbsp",
                    "copy", "laquo", "raquo", "middot", "ndash", "mdash", "rsquo", "hellip", "not", "notin", "0", "1",
                    "38", "8212",
                    "1F600", "=", " ", "\n", "<", "é", "７", "-", "_");

    private static void assertAsJsoup(String text) {
        assertThat(References.inText(text)).as("in text: %s", text).isEqualTo(Parser.unescapeEntities(text, false));
        assertThat(References.inAttribute(text)).as("in an attribute: %s", text)
                .isEqualTo(Parser.unescapeEntities(text, true));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
            a b|a b
            Q&amp;A|Q&A
            &lt;a&gt; &quot;b&quot; &apos;c&apos;|<a> "b" 'c'
            a &#8212; b &#x2014; c &#X2014; &mdash;|a — b — c — —
            &#128512; &#x1F600;|😀 😀
            a & b &|a & b &
            &&amp;&|&&&
            &laquo;a&raquo; &middot; b&ndash;c&rsquo;s &copy; d&hellip;|«a» · b–c’s © d…
            &eacute;&notin;|é∉
            """)
    void whatStandsForACharacterBecomesIt(String text, String resolved) {
        assertThat(References.inText(text)).isEqualTo(resolved);
        assertThat(References.inAttribute(text)).isEqualTo(resolved);
    }

    @Test
    void aParameterWithTheNameOfAReferenceIsNone() {
        assertThat(References.inAttribute("?a=1&copy=2&amp;lt=3&x")).isEqualTo("?a=1&copy=2&lt=3&x");
        assertThat(References.inText("?a=1&copy=2")).isEqualTo("?a=1©=2");
    }

    @Test
    void numbersAreThoseOfJsoup() {
        for (int number = 0; number < 0x300; number++) {
            assertAsJsoup("a&#" + number + ";b&#x" + Integer.toHexString(number) + ";");
        }
        for (int number : new int[]{0xD7FF, 0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xE000, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000,
            0x10FFFF, 0x110000, 9_999_999}) {
            assertAsJsoup("a&#" + number + ";b&#x" + Integer.toHexString(number) + ";");
        }
        for (String text : new String[]{"&#0000038;", "&#00000038;", "&#x000026;", "&#x0000026;", "&#;", "&#x;",
            "&#xg;", "&#3a;",
            "&#-5;", "&#+5;", "&#７;", "&#38", "&;", "&a;", "&" + "a".repeat(100) + ";"}) {
            assertAsJsoup(text);
        }
    }

    @Test
    void anythingIsWhatJsoupMakesOfIt() {
        for (int seed = 0; seed < 20_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(1, 9); length > 0; length--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            assertAsJsoup(text.toString());
        }
    }
}
