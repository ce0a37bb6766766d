package fanout.markup;

import org.jsoup.parser.Parser;

/**
 * Character references. Those of nearly all links and titles are numbers, or one of a few names, and are resolved here; so is an
 * ampersand that begins none. jsoup, which knows all names and all mistakes, resolves the others: it makes a parser for each call.
 */
final class References {

    /** Of a number or one of the names, with what stands before it. */
    private static final int LONGEST = 8;
    /** Numbers below mean control characters, and some of them another character. */
    private static final int FIRST_PLAIN = 0xA0;

    private static final int NONE = -1;

    private References() {}

    /** The value of an attribute. */
    static String inAttribute(String text) {
        return resolved(text, true);
    }

    /** Text between tags. */
    static String inText(String text) {
        return resolved(text, false);
    }

    private static String resolved(String text, boolean inAttribute) {
        int first = text.indexOf('&');
        if (first < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length()).append(text, 0, first);
        for (int at = first; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c != '&' || beginsNone(text, at + 1) || (inAttribute && isBeforeEqualsSign(text, at + 1))) {
                out.append(c);
                continue;
            }
            int end = text.indexOf(';', at);
            int character = end < 0 ? NONE : character(text, at + 1, end);
            if (character == NONE) {
                return Parser.unescapeEntities(text, inAttribute);
            }
            out.appendCodePoint(character);
            at = end;
        }
        return out.toString();
    }

    /** Whether what follows an ampersand is the end, white space, or another beginning. */
    private static boolean beginsNone(String text, int from) {
        return from == text.length() || " \t\n\r\f<&".indexOf(text.charAt(from)) >= 0;
    }

    /** In {@code ?a=1&copy=2} there is no reference, whatever the name. */
    private static boolean isBeforeEqualsSign(String text, int from) {
        int at = from;
        while (at < text.length() && isLetter(text.charAt(at))) {
            at++;
        }
        return at > from && at < text.length() && text.charAt(at) == '=';
    }

    private static boolean isLetter(char c) {
        return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    }

    /** The character between an ampersand and a semicolon; {@link #NONE} if that is for jsoup. */
    private static int character(String text, int from, int end) {
        if (end - from > LONGEST) {
            return NONE;
        }
        String name = text.substring(from, end);
        if (name.startsWith("#x") || name.startsWith("#X")) {
            return plain(number(name, 2, 16));
        }
        if (name.startsWith("#")) {
            return plain(number(name, 1, 10));
        }
        return switch (name) {
            case "amp" -> '&';
            case "lt" -> '<';
            case "gt" -> '>';
            case "quot" -> '"';
            case "apos" -> '\'';
            case "nbsp" -> '\u00a0';
            case "copy" -> '©';
            case "laquo" -> '«';
            case "raquo" -> '»';
            case "middot" -> '·';
            case "ndash" -> '–';
            case "mdash" -> '—';
            case "rsquo" -> '’';
            case "hellip" -> '…';
            default -> NONE;
        };
    }

    private static int number(String name, int from, int radix) {
        int number = name.length() == from ? NONE : 0;
        for (int at = from; at < name.length(); at++) {
            int digit = name.charAt(at) < 0x80 ? Character.digit(name.charAt(at), radix) : NONE;
            if (digit == NONE) {
                return NONE;
            }
            number = number * radix + digit;
        }
        return number;
    }

    /** The number, if it is that of a character that stands for itself. */
    private static int plain(int number) {
        boolean isPrintable = number >= ' ' && number <= '~';
        boolean isHigh = number >= FIRST_PLAIN && number <= Character.MAX_CODE_POINT
                && (number < Character.MIN_SURROGATE || number > Character.MAX_SURROGATE);
        return isPrintable || isHigh ? number : NONE;
    }
}
