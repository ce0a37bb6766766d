package fanout.internal.markup;

import fanout.internal.limit.ParseTime;
import fanout.internal.limit.WatchedSearch;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What XPath's functions do with texts and numbers, in a time that grows no faster than they do. */
final class TextFunctions {

    /** Two texts of a page may be put together often; a job that wants more than this means harm. */
    private static final int LONGEST = 1 << 24;

    private TextFunctions() {}

    /** Adds a part to a text that is put together. */
    static void append(String part, StringBuilder out) {
        if (out.length() + (long) part.length() > LONGEST) {
            throw new IllegalStateException("an XPath makes a text of more than " + LONGEST + " characters");
        }
        out.append(part);
    }

    /** The part before or behind the first place where another text is; empty if that is nowhere. */
    static String beside(String text, String part, boolean isBehind, ParseTime time) {
        int at = WatchedSearch.indexOf(text, part, time);
        if (at < 0) {
            return "";
        }
        return isBehind ? text.substring(at + part.length()) : text.substring(0, at);
    }

    /** From a position counted from 1 on, with the rounding of section 4.2. */
    static String substring(String text, double from, double length) {
        double first = round(from);
        double end = first + round(length);
        if (Double.isNaN(first) || Double.isNaN(end)) {
            return "";
        }
        int start = (int) Math.clamp(first - 1, 0, text.length());
        int stop = (int) Math.clamp(end - 1, 0, text.length());
        return start < stop ? text.substring(start, stop) : "";
    }

    static String normalized(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean isPending = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isSpace(c)) {
                isPending = !out.isEmpty();
            } else {
                if (isPending) {
                    out.append(' ');
                    isPending = false;
                }
                out.append(c);
            }
        }
        return out.toString();
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    static String translated(String text, String from, String to) {
        Map<Character, Integer> places = new HashMap<>();
        for (int i = 0; i < from.length(); i++) {
            places.putIfAbsent(from.charAt(i), i);
        }
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int place = places.getOrDefault(c, -1);
            if (place < 0) {
                out.append(c);
            } else if (place < to.length()) {
                out.append(to.charAt(place));
            }
        }
        return out.toString();
    }

    static String lowerCase(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** An optional minus sign, digits and a point; anything else is no number. */
    static double number(String text) {
        int from = 0;
        int end = text.length();
        while (from < end && isSpace(text.charAt(from))) {
            from++;
        }
        while (end > from && isSpace(text.charAt(end - 1))) {
            end--;
        }
        int digits = 0;
        int points = 0;
        for (int i = from; i < end; i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                digits++;
            } else if (c == '.') {
                points++;
            } else if (c != '-' || i != from) {
                return Double.NaN;
            }
        }
        return digits == 0 || points > 1 ? Double.NaN : Double.parseDouble(text.substring(from, end));
    }

    /** Without an exponent, and without a point where there is no fraction. */
    static String text(double number) {
        if (Double.isNaN(number)) {
            return "NaN";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "Infinity" : "-Infinity";
        }
        if (number == (long) number) {
            return Long.toString((long) number);
        }
        BigDecimal plain = new BigDecimal(Double.toString(number));
        return (plain.signum() == 0 ? plain : plain.stripTrailingZeros()).toPlainString();
    }

    /** The nearest whole number, of two the greater. */
    static double round(double number) {
        return Double.isNaN(number) || Double.isInfinite(number) || number == Math.rint(number) ? number
                : Math.floor(number + 0.5);
    }
}
