package fanout.app.terminal;

import java.nio.charset.Charset;
import java.util.Map;

/**
 * Colours and bars, as far as a terminal can show them.
 *
 * @param colour whether the user wants colour
 * @param blocks whether the terminal's character set has block characters
 */
public record TerminalStyle(boolean colour, boolean blocks) {

    private static final String RESET = "\u001b[0m";

    public static TerminalStyle of(Map<String, String> environment, Charset charset) {
        return new TerminalStyle(Tty.wantsColour(environment), charset.newEncoder().canEncode('█'));
    }

    /** A progress bar. */
    public String bar(double part, int columns) {
        int full = Math.clamp(Math.round(part * columns), 0, columns);
        return (blocks ? "█" : "#").repeat(full) + (blocks ? "░" : "-").repeat(columns - full);
    }

    public String faint(String text) {
        return coloured("2", text);
    }

    public String green(String text) {
        return coloured("32", text);
    }

    public String yellow(String text) {
        return coloured("33", text);
    }

    private String coloured(String how, String text) {
        return colour && !text.isEmpty() ? "\u001b[" + how + "m" + text + RESET : text;
    }
}
