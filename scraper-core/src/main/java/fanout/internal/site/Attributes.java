package fanout.internal.site;

import java.util.Optional;

/** Finds an attribute in a tag. */
final class Attributes {

    private Attributes() {}

    /** The value of an attribute, its entities replaced; empty if the tag lacks it. Takes one pass. */
    static Optional<String> value(String tag, String name) {
        int at = 0;
        while (at < tag.length()) {
            int start = skip(tag, at, " \t\r\n/");
            int end = find(tag, start, " \t\r\n/=");
            int equals = skip(tag, end, " \t\r\n");
            if (equals == tag.length() || tag.charAt(equals) != '=') {
                at = Math.max(end, at + 1);
                continue;
            }
            int open = skip(tag, equals + 1, " \t\r\n");
            boolean isQuoted = open < tag.length() && "\"'".indexOf(tag.charAt(open)) >= 0;
            int from = isQuoted ? open + 1 : open;
            int to = find(tag, from, isQuoted ? tag.substring(open, open + 1) : " \t\r\n");
            if (tag.substring(start, end).equals(name)) {
                return Optional.of(KeptText.decoded(tag.substring(from, to)));
            }
            at = Math.min(tag.length(), to + 1);
        }
        return Optional.empty();
    }

    private static int skip(String text, int from, String characters) {
        int at = from;
        while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }

    private static int find(String text, int from, String characters) {
        int at = from;
        while (at < text.length() && characters.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }
}
