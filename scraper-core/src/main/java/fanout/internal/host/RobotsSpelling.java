package fanout.internal.host;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The one spelling in which a robots.txt pattern and a URL's path and query are compared (RFC 9309, section 2.2.2).
 * What is not ASCII is percent-encoded UTF-8, as are characters that no URL may hold; escapes are in upper case;
 * escaped characters that mean the same unescaped are decoded. The delimiters <code>/ ? &amp; =</code> and their
 * escapes stay different, because {@code /a%2Fb} is another page than {@code /a/b}. A {@code *} or {@code $} that is
 * not the pattern's own sign is escaped.
 */
final class RobotsSpelling {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private RobotsSpelling() {}

    /**
     * Of a pattern: {@code *} stands for anything, and a {@code $} at the end for the end. Everywhere else it is a
     * character.
     */
    static String ofPattern(String pattern) {
        boolean anchored = pattern.endsWith("$");
        String spelt = spelling(anchored ? pattern.substring(0, pattern.length() - 1) : pattern, true);
        return anchored ? spelt + "$" : spelt;
    }

    static String ofPath(String pathAndQuery) {
        for (int i = 0; i < pathAndQuery.length(); i++) {
            if (!isPlain(pathAndQuery.charAt(i)) && !isDelimiter(pathAndQuery.charAt(i))) {
                return spelling(pathAndQuery, false);
            }
        }
        return pathAndQuery;
    }

    private static String spelling(String text, boolean starIsWild) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < octets.length; i++) {
            char c = (char) (octets[i] & 0xFF);
            if (c == '%' && isEscape(octets, i)) {
                char escaped = (char) (HexFormat.fromHexDigit(octets[i + 1]) << 4
                        | HexFormat.fromHexDigit(octets[i + 2]));
                append(out, escaped, isPlain(escaped));
                i += 2;
            } else {
                append(out, c, isPlain(c) || isDelimiter(c) || (c == '*' && starIsWild));
            }
        }
        return out.toString();
    }

    private static void append(StringBuilder out, char octet, boolean asItIs) {
        if (asItIs) {
            out.append(octet);
        } else {
            out.append('%').append(HEX.toHexDigits((byte) octet));
        }
    }

    private static boolean isEscape(byte[] octets, int percent) {
        return percent + 2 < octets.length
                && HexFormat.isHexDigit(octets[percent + 1])
                && HexFormat.isHexDigit(octets[percent + 2]);
    }

    /**
     * Means the same escaped and unescaped: the unreserved characters, and the reserved ones that delimit nothing in
     * HTTP.
     */
    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                || "-._~:@!'()+,;[]".indexOf(c) >= 0;
    }

    private static boolean isDelimiter(char c) {
        return c == '/' || c == '?' || c == '&' || c == '=';
    }
}
