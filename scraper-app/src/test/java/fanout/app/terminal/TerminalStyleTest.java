package fanout.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalStyleTest {

    @Test
    void environmentDecidesColourAndCharacterSetDecidesBlocks() {
        assertThat(TerminalStyle.of(Map.of(), StandardCharsets.UTF_8)).isEqualTo(new TerminalStyle(true, true));
        assertThat(TerminalStyle.of(Map.of("NO_COLOR", ""), StandardCharsets.US_ASCII))
                .isEqualTo(new TerminalStyle(true, false));
        assertThat(TerminalStyle.of(Map.of("NO_COLOR", "0"), StandardCharsets.UTF_8))
                .isEqualTo(new TerminalStyle(false, true));
    }

    @Test
    void aBarIsAsLongAsItsPart() {
        TerminalStyle blocks = new TerminalStyle(false, true);

        assertThat(blocks.bar(0, 4)).isEqualTo("░░░░");
        assertThat(blocks.bar(0.5, 4)).isEqualTo("██░░");
        assertThat(blocks.bar(1, 4)).isEqualTo("████");
        assertThat(new TerminalStyle(false, false).bar(0.25, 4)).isEqualTo("#---");
    }

    @Test
    void aDumbTerminalCannotMoveTheCursor() {
        assertThat(Tty.canMoveTheCursor(Map.of("TERM", "xterm"))).isTrue();
        assertThat(Tty.canMoveTheCursor(Map.of("TERM", "dumb"))).isFalse();
        assertThat(Tty.canMoveTheCursor(Map.of("TERM", "unknown"))).isFalse();
        assertThat(Tty.canMoveTheCursor(Map.of())).isFalse();
    }
}
