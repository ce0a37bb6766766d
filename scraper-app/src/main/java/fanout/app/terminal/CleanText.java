package fanout.app.terminal;

import java.util.stream.Collectors;

/**
 * Makes text harmless for terminals and logs: a character that could move the cursor, change colours, reorder or hide
 * text, or forge a line is replaced by its number. The one place that does so.
 */
public final class CleanText {

    private CleanText() {}

    /** Cleans one line. */
    public static String line(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= '~')
                ? text
                : text.codePoints()
                        .collect(StringBuilder::new, CleanText::append, StringBuilder::append)
                        .toString();
    }

    /** Cleans each of several lines, as of a stack trace. */
    public static String lines(String text) {
        return text.lines().map(line -> line(line.replace("\t", "    "))).collect(Collectors.joining("\n"));
    }

    private static void append(StringBuilder out, int point) {
        if (chooseAGlyph(point)) {
            return;
        }
        switch (Character.getType(point)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR, Character.PRIVATE_USE, Character.UNASSIGNED ->
                    out.append(String.format("\\u{%x}", point));
            default -> {
                if (isInvisible(point)) {
                    out.append(String.format("\\u{%x}", point));
                } else {
                    out.appendCodePoint(point);
                }
            }
        }
    }

    /**
     * Variation selectors choose emoji in colour or not; terminals disagree how wide that makes them, so they are
     * dropped.
     */
    private static boolean chooseAGlyph(int point) {
        return point >= 0xFE00 && point <= 0xFE0F;
    }

    /** Letters, marks and signs by their type, which show nothing. */
    private static boolean isInvisible(int point) {
        return switch (point) {
            case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x2800, 0x3164, 0xFFA0 -> true;
            default -> point >= 0xE0100 && point <= 0xE01EF;
        };
    }
}
