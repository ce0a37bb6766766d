package fanout.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CleanTextTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 8, 9, 0xa, 0xd, 0x1b, 0x7f, 0x80, 0x85, 0x9b, 0x9d, 0x61c, 0x200b, 0x200e, 0x200f,
        0x2028,
        0x2029, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff, 0xd800, 0xe0041, 0x034f, 0x115f, 0x2800, 0x3164, 0xffa0,
        0xe0100, 0xe000})
    void whatATerminalWouldActUponIsShownAsItsNumber(int point) {
        String text = "a" + Character.toString(point) + "b";

        assertThat(CleanText.line(text)).isEqualTo(String.format("a\\u{%x}b", point));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "Größe", "日本語", "😀", "a\u00a0b", "\\u{1b}"})
    void whatPeopleReadStaysAsItIs(String text) {
        assertThat(CleanText.line(text)).isEqualTo(text);
    }

    @Test
    void emojiLoseWhatTerminalsDisagreeAbout() {
        assertThat(CleanText.line("\u2764\ufe0f")).isEqualTo("\u2764");
    }

    @Test
    void linesStayLines() {
        assertThat(CleanText.lines("a\u001b\n\tb\r\nc")).isEqualTo("a\\u{1b}\n    b\nc");
    }
}
