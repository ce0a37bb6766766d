package fanout.markup;

import org.jsoup.parser.Parser;

/**
 * Character references. In the links of real pages all stand for an ampersand, or are an ampersand that begins none. jsoup
 * resolves the others, because it knows the names.
 */
final class References {

    private static final String AMPERSAND = "&amp;";

    private References() {}

    /** The value of an attribute. */
    static String inAttribute(String text) {
        int first = text.indexOf('&');
        if (first < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length()).append(text, 0, first);
        for (int at = first; at < text.length(); at++) {
            char c = text.charAt(at);
            out.append(c);
            if (c == '&') {
                if (text.startsWith(AMPERSAND, at)) {
                    at += AMPERSAND.length() - 1;
                } else if (!isBeforeEqualsSign(text, at + 1)) {
                    return Parser.unescapeEntities(text, true);
                }
            }
        }
        return out.toString();
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

    /** Text between tags. jsoup makes a parser for each call, and most titles have nothing for it. */
    static String inText(String text) {
        return text.indexOf('&') < 0 ? text : Parser.unescapeEntities(text, false);
    }
}
