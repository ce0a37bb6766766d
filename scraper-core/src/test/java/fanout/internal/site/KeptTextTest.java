package fanout.internal.site;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is kept of a token, and its entities. */
class KeptTextTest {

    /** Of what is no entity, each character stands for itself. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            &amp;            | &
            a&lt;b           | a<b
            &gt;&quot;&apos; | >"'
            a&amp;amp;       | a&amp;
            &#65;&#x41;&#X41;| AAA
            &#1114111;       | \udbff\udfff
            &#x10FFFF;       | \udbff\udfff
            &#1114112;       | &#1114112;
            &#x110000;       | &#x110000;
            &#x10FFFF0;      | &#x10FFFF0;
            &#99999999;      | &#99999999;
            &#1;             | `\u0001`
            &#0;             | &#0;
            &nbsp;           | &nbsp;
            &                | &
            &;               | &;
            &#;              | &#;
            &#x;             | &#x;
            a&amp            | a&amp
            &#12a;           | &#12a;
            &#xg;            | &#xg;
            &#-1;            | &#-1;
            &#\u0661;        | &#\u0661;
            plain            | plain
            &#00000065;      | A
            &#000000065;     | A
            &#0000000065;    | &#0000000065;
            x&lt;&nbsp;&gt;y | x<&nbsp;>y
            """)
    void entitiesAreReplaced(String text, String decoded) {
        assertThat(KeptText.decoded(text)).isEqualTo(decoded);
    }

    @Test
    void onlyTheBeginningIsKept() {
        KeptText text = new KeptText();
        for (int i = 0; i < KeptText.LONGEST + 5; i++) {
            text.add('x');
        }
        assertThat(text.toString()).hasSize(KeptText.LONGEST);
        text.cut(3);
        assertThat(text.toString()).as("what is cut off lies behind").hasSize(KeptText.LONGEST);
        text.clear();
        text.add('a');
        text.add('b');
        text.cut(1);
        assertThat(text).hasToString("a");
        text.cut(2);
        assertThat(text.toString()).isEmpty();
    }
}
