package fanout.internal.parse;

import java.util.Optional;

/**
 * The URL in a meta refresh, as {@code 5; url=next.html}: the HTML standard's "shared declarative refresh steps"
 * (section 4.2.5.3). Empty if it only reloads the page.
 */
final class MetaRefresh {

    private MetaRefresh() {}

    static Optional<String> url(String content) {
        int at = skipSpaces(content, 0);
        int time = at;
        while (at < content.length() && (isDigit(content.charAt(at)) || content.charAt(at) == '.')) {
            at++;
        }
        boolean hasTime = at > time;
        int afterTime = at;
        at = skipSpaces(content, at);
        if (!hasTime || at == content.length()) {
            return Optional.empty();
        }
        boolean separated = content.charAt(at) == ';' || content.charAt(at) == ',';
        if (!separated && at == afterTime) {
            return Optional.empty();
        }
        at = skipSpaces(content, separated ? at + 1 : at);
        return at == content.length() ? Optional.empty() : Optional.of(unquoted(content, afterUrlEquals(content, at)));
    }

    /** Skips {@code url =}; without it the URL begins right here. */
    private static int afterUrlEquals(String content, int from) {
        if (!content.regionMatches(true, from, "url", 0, 3)) {
            return from;
        }
        int at = skipSpaces(content, from + 3);
        return at < content.length() && content.charAt(at) == '=' ? skipSpaces(content, at + 1) : from;
    }

    private static String unquoted(String content, int from) {
        if (from < content.length() && (content.charAt(from) == '"' || content.charAt(from) == '\'')) {
            int end = content.indexOf(content.charAt(from), from + 1);
            return content.substring(from + 1, end < 0 ? content.length() : end);
        }
        return content.substring(from);
    }

    private static int skipSpaces(String content, int from) {
        int at = from;
        while (at < content.length() && " \t\n\f\r".indexOf(content.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
