package fanout.internal.codec;

import java.util.Optional;

/**
 * The charset in a meta element's content, as {@code text/html; charset=koi8-r}: the HTML standard's "extracting a
 * character encoding from a meta element" (section 2.5.4).
 */
final class ContentCharset {

    private static final String NAME = "charset";

    private ContentCharset() {}

    static Optional<CharsetLabel> find(String content) {
        for (int from = 0; from + NAME.length() <= content.length(); from++) {
            if (content.regionMatches(true, from, NAME, 0, NAME.length())) {
                int at = skipSpaces(content, from + NAME.length());
                if (at < content.length() && content.charAt(at) == '=') {
                    return value(content, skipSpaces(content, at + 1)).flatMap(CharsetLabel::of);
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> value(String content, int from) {
        if (from < content.length() && (content.charAt(from) == '"' || content.charAt(from) == '\'')) {
            int end = content.indexOf(content.charAt(from), from + 1);
            return end < 0 ? Optional.empty() : Optional.of(content.substring(from + 1, end));
        }
        int end = from;
        while (end < content.length() && content.charAt(end) != ';' && !CharsetLabel.isSpace(content.charAt(end))) {
            end++;
        }
        return Optional.of(content.substring(from, end));
    }

    private static int skipSpaces(String content, int from) {
        int at = from;
        while (at < content.length() && CharsetLabel.isSpace(content.charAt(at))) {
            at++;
        }
        return at;
    }
}
