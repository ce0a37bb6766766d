package fanout.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatePatternTest {

    private static LocalDate read(String pattern, String locale, String text) {
        return LocalDate.parse(text, new DatePattern(pattern, Optional.ofNullable(locale)).formatter());
    }

    @Test
    void readsInItsLanguageAndInAnyCase() {
        assertThat(read("d MMMM yyyy", null, "3 march 2026")).isEqualTo("2026-03-03");
        assertThat(read("d. MMMM yyyy", "de", "3. MÄRZ 2026")).isEqualTo("2026-03-03");
        assertThat(read("d MMMM yyyy", "en-GB", "3 March 2026")).isEqualTo("2026-03-03");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HH:mm", "d MMMM", "MMMM yyyy", "'x'", "VV"})
    void whatMakesNoDateIsRefused(String pattern) {
        assertThatIllegalArgumentException().isThrownBy(() -> new DatePattern(pattern, Optional.empty()))
                .withMessageStartingWith("format must have a day, a month and a year");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            YYYY-MM-DD           | yyyy-MM-dd
            yyyy-MM-DD           | yyyy-MM-dd
            DD.MM.YYYY           | dd.MM.yyyy
            d MMM YYYY           | d MMM yyyy
            dd.mm.yyyy           | dd.MM.yyyy
            yyyy-mm-dd           | yyyy-MM-dd
            dddd, MMMM D YYYY    | EEEE, MMMM d yyyy
            YYYY-MM-DDTHH:mm:ss  | yyyy-MM-dd'T'HH:mm:ss
            yyyy-MM-ddTHH:mm     | yyyy-MM-dd'T'HH:mm
            %Y-%m-%d             | yyyy-MM-dd
            %d. %B %Y            | dd. MMMM yyyy
            %-d/%m/%y            | d/MM/yy
            %Y-%m-%dT%H:%M       | yyyy-MM-dd'T'HH:mm
            """)
    void patternInTheLettersOfOthersIsTranslated(String pattern, String right) {
        assertThatIllegalArgumentException().isThrownBy(() -> new DatePattern(pattern, Optional.empty()))
                .withMessageStartingWith("format ")
                .withMessageContaining("\"")
                .withMessageEndingWith(
                        "; in java.time's letters, where y is the year, M the month and d the day, it is "
                                + right);
        assertThatCode(() -> new DatePattern(right, Optional.empty())).doesNotThrowAnyException();
    }

    /** It would read 10:11 as November. */
    @Test
    void minutesInPlaceOfTheMonthAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DatePattern("dd.mm.yyyy HH:MM", Optional.empty()))
                .withMessageContaining("minutes (m) before the hour");
        assertThatCode(() -> new DatePattern("'m' D. yyyy, HH:mm", Optional.empty())).doesNotThrowAnyException();
    }

    @Test
    void whatIsNoPatternIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new DatePattern("d {", Optional.empty()))
                .withMessageStartingWith("format is not a pattern for dates: \"d {\"");
        String long200 = "d.M.yyyy'" + "x".repeat(190) + "'";
        assertThatCode(() -> new DatePattern(long200, Optional.empty())).doesNotThrowAnyException();
        assertThatIllegalArgumentException().isThrownBy(() -> new DatePattern(long200 + " ", Optional.empty()))
                .withMessage("format must have at most 200 characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "xx", "german", "e n", "_"})
    void whatIsNoLanguageIsRefused(String locale) {
        assertThatIllegalArgumentException().isThrownBy(() -> new DatePattern("d.M.yyyy", Optional.of(locale)))
                .withMessage("locale must be a language, as in de or en-GB, not \"" + locale + "\"");
    }
}
