package fanout.internal.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import fanout.job.DatePattern;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DateTextTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2026-11-25                      | 2026-11-25
            2026-11-25T10:30                | 2026-11-25T10:30:00
            2026-11-25 10:30:05             | 2026-11-25T10:30:05
            2026-11-25T10:30:05.25Z         | 2026-11-25T10:30:05.25Z
            2026-11-25t10:30z               | 2026-11-25T10:30:00Z
            2026-11-25T10:30:00+02:00       | 2026-11-25T10:30:00+02:00
            2026-11-25T10:30:00-0530        | 2026-11-25T10:30:00-05:30
            2026-11-25T10:30+02             | 2026-11-25T10:30:00+02:00
            Wed, 25 Nov 2026 10:30:00 GMT   | 2026-11-25T10:30:00Z
            5 Nov 2026 10:30:00 +0200       | 2026-11-05T10:30:00+02:00
            """)
    void iso8601AndRfc1123AreRead(String text, String iso) {
        assertThat(new DateText(Optional.empty()).iso(" " + text + "\n")).contains(iso);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "today", "25.11.2026", "2026-13-01", "2026-02-30", "2026-11-25T25:00",
        "2026-11-25T", "2026-11-2510:30", "2026-11-25 x", "Tue, 25 Nov 2026 10:30:00 GMT"})
    void whatIsNoDateIsNone(String text) {
        assertThat(new DateText(Optional.empty()).iso(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            d MMMM yyyy           | -     | 5 November 2026              | 2026-11-05
            d MMMM yyyy           | -     | 5 NOVEMBER 2026              | 2026-11-05
            d. MMMM yyyy          | de    | 5. März 2026                 | 2026-03-05
            d MMMM uuuu           | fr    | 5 août 2026                  | 2026-08-05
            MM/dd/yy              | en-US | 11/05/26                     | 2026-11-05
            dd.MM.yyyy HH:mm      | -     | 05.11.2026 13:45             | 2026-11-05T13:45:00
            yyyy-MM-dd HH:mm XXX  | -     | 2026-11-05 13:45 +01:00      | 2026-11-05T13:45:00+01:00
            yyyy-MM-dd HH:mm VV   | -     | 2026-07-05 13:45 Europe/Oslo | 2026-07-05T13:45:00+02:00
            """)
    void aPatternSaysHowADateIsWritten(String pattern, String locale, String text, String iso) {
        assertThat(new DateText(Optional.of(new DatePattern(pattern, Optional.ofNullable(locale)))).iso(text))
                .contains(iso);
    }

    @Test
    void withAPatternNothingElseIsADate() {
        DateText dates = new DateText(Optional.of(new DatePattern("d MMMM yyyy", Optional.of("de"))));
        assertThat(dates.iso("2026-11-25")).isEmpty();
        assertThat(dates.iso("5 July 2026")).isEmpty();
        assertThat(dates.iso("30 Februar 2026")).isEmpty();
        assertThat(dates.iso("5 Juli 2026, um acht")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            d MMMM yyyy b | -     | format is not a pattern for dates: "d MMMM yyyy b"
            d # yyyy      | -     | format is not a pattern for dates
            HH:mm         | -     | format must have a day, a month and a year, not only "HH:mm"
            MMMM yyyy     | -     | format must have a day
            d MMMM yyyy   | xx    | locale must be a language, as in de or en-GB, not "xx"
            d MMMM yyyy   | de_DE | locale must be a language
            """)
    void aPatternThatCannotBeUsedIsRefused(String pattern, String locale, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> new DatePattern(pattern, Optional.ofNullable(locale)))
                .withMessageStartingWith(message);
    }

    @Test
    void aDateHasAtMostAHundredCharacters() {
        DateText spaces =
                new DateText(Optional.of(new DatePattern("yyyy-MM-dd'" + "x".repeat(91) + "'", Optional.empty())));
        assertThat(spaces.iso("2026-11-25" + "x".repeat(91))).isEmpty();
        DateText shorter =
                new DateText(Optional.of(new DatePattern("yyyy-MM-dd'" + "x".repeat(90) + "'", Optional.empty())));
        assertThat(shorter.iso("2026-11-25" + "x".repeat(90))).contains("2026-11-25");
    }
}
