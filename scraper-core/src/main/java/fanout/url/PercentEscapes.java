package fanout.url;

/**
 * RFC 3986, section 6.2.2: hexadecimal digits in upper case, escaped unreserved characters decoded. Normalizing is idempotent,
 * because a character that would complete a stray percent sign before it stays encoded.
 */
final class PercentEscapes {

    private PercentEscapes() {}

    static void normalize(String encoded, StringBuilder out) {
        int percent = encoded.indexOf('%');
        int copied = 0;
        while (percent >= 0 && percent + 2 < encoded.length()) {
            int high = hexDigit(encoded.charAt(percent + 1));
            int low = hexDigit(encoded.charAt(percent + 2));
            if (high < 0 || low < 0) {
                percent = encoded.indexOf('%', percent + 1);
                continue;
            }
            out.append(encoded, copied, percent);
            char decoded = (char) (high << 4 | low);
            if (isUnreserved(decoded) && !completesEscape(out, decoded)) {
                out.append(decoded);
            } else {
                out.append('%').append(upperHex(high)).append(upperHex(low));
            }
            copied = percent + 3;
            percent = encoded.indexOf('%', copied);
        }
        out.append(encoded, copied, encoded.length());
    }

    /** Whether the text so far ends in a stray percent sign, or one and a digit, which this character would complete. */
    private static boolean completesEscape(StringBuilder out, char next) {
        int last = out.length() - 1;
        return hexDigit(next) >= 0
                && last > 0
                && (out.charAt(last) == '%' || (out.charAt(last - 1) == '%' && hexDigit(out.charAt(last)) >= 0));
    }

    /** {@link Character#digit} would take full-width digits, too. */
    private static int hexDigit(char c) {
        return c < 128 ? Character.digit(c, 16) : -1;
    }

    private static char upperHex(int digit) {
        return "0123456789ABCDEF".charAt(digit);
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }
}
