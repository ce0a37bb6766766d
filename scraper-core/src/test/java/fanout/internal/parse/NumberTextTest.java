package fanout.internal.parse;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.parse.NumberText.Found;
import fanout.job.DecimalMark;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers as people write them. In the tables ~ is a no-break space, _ a narrow no-break space, ^ a thin space. */
class NumberTextTest {

    private static Found read(String text, DecimalMark mark) {
        return NumberText.in(text.replace('~', '\u00a0').replace('_', '\u202f').replace('^', '\u2009'), mark);
    }

    private static String number(String text, DecimalMark mark) {
        return read(text, mark) instanceof Found.One(BigDecimal value) ? value.toString() : "none";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            7                   | 7
            "  12.50  "         | 12.5
            € 1,003.50          | 1003.5
            €~1,003.50          | 1003.5
            1,234               | 1234
            1.234               | 1.234
            12,345,678.9        | 12345678.9
            10~200              | 10200
            10_200.75           | 10200.75
            10^200^300          | 10200300
            1'234'567           | 1234567
            1’234’567.05        | 1234567.05
            12%                 | 12
            v2                  | 2
            H2O                 | 2
            No. 5               | 5
            costs 5.            | 5
            5,-                 | 5
            CHF 5.–             | 5
            "(5)"               | 5
            "'90s"              | 90
            .5                  | 0.5
            "€ .99"             | 0.99
            5.                  | 5
            ...5                | 5
            v.5                 | 5
            3.00                | 3
            007                 | 7
            0                   | 0
            0.00                | 0
            1e5                 | 100000
            1E+5                | 100000
            1.5e-3              | 0.0015
            1e5 EUR             | 100000
            5e                  | 5
            5e+                 | 5
            1e-123              | 1E-123
            2 EUR               | 2
            5em                 | 5
            1,000 apples        | 1000
            about 3, or so      | 3
            """)
    void aNumberIsFound(String text, String value) {
        assertThat(number(text, DecimalMark.POINT)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            -3                  | -3
            −3                  | -3
            +4                  | 4
            $-3.00              | -3
            -$3                 | -3
            -€5                 | -5
            -€ 1,003.50         | -1003.5
            −€~5                | -5
            -US$5               | -5
            -CHF 5              | -5
            "- 5"               | -5
            " −~5"              | -5
            -.5                 | -0.5
            from -5 on          | -5
            model-3             | 3
            Price - 5           | 5
            A4-GBP 5            | none
            --1                 | none
            +-1                 | none
            """)
    void aLeadingSignCounts(String text, String value) {
        assertThat(number(text, DecimalMark.POINT)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            1,5                 | 1.5
            1.003,50 €          | 1003.5
            1.234               | 1234
            1,234               | 1.234
            1.234.567,8         | 1234567.8
            10_200,75           | 10200.75
            ,5                  | 0.5
            No.5                | 5
            -1,5                | -1.5
            1.5                 | none
            1,2,3               | none
            .5                  | none
            """)
    void theDecimalMarkMayBeAComma(String text, String value) {
        assertThat(number(text, DecimalMark.COMMA)).isEqualTo(value);
    }

    /** What is written right after a number may make another of it; what is a unit does not. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            1.2k                | k
            1.2K                | K
            3M                  | M
            3 M                 | M
            12~k abonnés        | k
            5B                  | B
            2.5G                | G
            1T                  | T
            €1.2k–              | k
            10k+                | k
            5k€                 | k
            5 k€                | k
            12 kEUR             | kEUR
            £5m                 | m
            £ 5 bn              | bn
            USD 5mm             | mm
            5m €                | m
            5 m EUR             | m
            ₹5 cr               | cr
            1.2 million         | million
            5 Mio. €            | Mio
            2Mrd                | Mrd
            3 TAUSEND           | TAUSEND
            2 dozen             | dozen
            7 lakh              | lakh
            5 млн ₽             | млн
            1.2万               | 万
            3 억                | 억
            1½                  | ½
            1 ½ cups            | ½
            10⁶                 | ⁶
            5²                  | ²
            """)
    void aNumberThatIsMultipliedIsAnother(String text, String by) {
        assertThat(read(text, DecimalMark.POINT)).isEqualTo(new Found.Changed(by));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            12 kg               | 12
            12kg                | 12
            1003.50 €           | 1003.5
            $5                  | 5
            5€                  | 5
            5 km                | 5
            5m                  | 5
            5 m²                | 5
            5 mm                | 5
            16GB                | 16
            16 GB               | 16
            5 T                 | 5
            5 B                 | 5
            5 Minuten           | 5
            5 Millimeter        | 5
            5 milk bottles      | 5
            3 Mikes             | 3
            5 bn                | none
            15 mn               | 15
            12 %                | 12
            4x                  | 4
            v1.2                | 1.2
            24h                 | 24
            £5 off              | 5
            £5 month            | 5
            """)
    void aUnitChangesNothing(String text, String value) {
        assertThat(number(text, DecimalMark.POINT)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "x", ".", "-", "€", "NaN", "Infinity", "\uff11", "\u0661"})
    void whereNoDigitIsThereIsNone(String text) {
        assertThat(read(text, DecimalMark.POINT)).isInstanceOf(Found.None.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10 200", "10-20", "10 - 20", "1 000", "1/2", "12:30", "2026-11-25", "0x10", "1, 2",
        "3 for 2", "1e999999999", "1e1234", "1e5x", "1e5abc6", "5m2", "1--2", "2x4", "1.2k-3k"})
    void twoNumbersAreNotOne(String text) {
        assertThat(read(text, DecimalMark.POINT)).isInstanceOf(Found.Several.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,23", "1,5", "12,34.5", "1234,567", "1,2345", "0,123", "1.2.3", "1.234.567", "1.234,56",
        "1,234.567,8", "1'234,567", "1'23", "10~20", "1~23", ",5", "1.5~000", "1,000~000"})
    void groupsThatAreNotOfThreeSpoilTheNumber(String text) {
        assertThat(read(text, DecimalMark.POINT)).isInstanceOf(Found.Spoilt.class);
    }

    @Test
    void aNumberHasAtMostAHundredCharacters() {
        assertThat(number("x" + "9".repeat(100), DecimalMark.POINT)).isEqualTo("9".repeat(100));
        assertThat(read("9".repeat(101), DecimalMark.POINT)).isInstanceOf(Found.Spoilt.class);
    }

    @Test
    @Timeout(20)
    void megabytesAreReadOnce() {
        for (String piece : new String[]{"9", "9,", "-", "1e", ".", "1~"}) {
            assertThat(read(piece.repeat(1 << 21), DecimalMark.POINT)).isNotInstanceOf(Found.One.class);
        }
        assertThat(number("x ".repeat(1 << 21) + "- 5", DecimalMark.POINT)).isEqualTo("5");
    }
}
