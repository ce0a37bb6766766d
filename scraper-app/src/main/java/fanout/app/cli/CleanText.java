package fanout.app.cli;

import java.util.stream.Collectors;

/**
 * Makes text harmless for terminals and logs: whatever could move the cursor, change colours, reorder or hide text, or forge
 * a line is shown as its number instead. The one place that does.
 */
final class CleanText {

    private CleanText() {}

    /** One line. */
    static String line(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= '~')
                ? text
                : text.codePoints()
                        .collect(StringBuilder::new, CleanText::append, StringBuilder::append)
                        .toString();
    }

    /** Several lines, as of a stack trace, each by itself. */
    static String lines(String text) {
        return text.lines().map(line -> line(line.replace("\t", "    "))).collect(Collectors.joining("\n"));
    }

    private static void append(StringBuilder out, int point) {
        switch (Character.getType(point)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR, Character.PRIVATE_USE, Character.UNASSIGNED ->
                    out.append(String.format("\\u{%x}", point));
            default -> out.appendCodePoint(point);
        }
    }
}
