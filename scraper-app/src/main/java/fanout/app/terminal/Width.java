package fanout.app.terminal;

import org.jline.utils.WCWidth;

/** The columns of a terminal that text takes: none for a combining character, two for a wide one. */
public final class Width {

    private static final String CUT = "...";

    private Width() {}

    public static int of(String text) {
        int width = 0;
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            width += of(text.codePointAt(at));
        }
        return width;
    }

    private static int of(int point) {
        return Math.max(0, WCWidth.wcwidth(point));
    }

    /** The text, or its beginning and dots. */
    public static String cut(String text, int columns) {
        if (of(text) <= columns) {
            return text;
        }
        int end = 0;
        int width = CUT.length();
        while (width + of(text.codePointAt(end)) <= columns) {
            width += of(text.codePointAt(end));
            end += Character.charCount(text.codePointAt(end));
        }
        return text.substring(0, end).stripTrailing() + CUT.substring(0, Math.min(CUT.length(), columns));
    }

    /** The text, or dots and its end. */
    public static String cutLeft(String text, int columns) {
        if (of(text) <= columns) {
            return text;
        }
        int start = text.length();
        int width = CUT.length();
        while (width + of(text.codePointBefore(start)) <= columns) {
            width += of(text.codePointBefore(start));
            start -= Character.charCount(text.codePointBefore(start));
        }
        return CUT.substring(0, Math.min(CUT.length(), columns)) + text.substring(start);
    }

    public static String padLeft(String text, int columns) {
        return " ".repeat(Math.max(0, columns - of(text))) + text;
    }

    public static String padRight(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - of(text)));
    }
}
