package fanout.url;

/** RFC 3986, section 6.2.2: hexadecimal digits in upper case, escaped unreserved characters decoded. */
final class PercentEscapes {

    private PercentEscapes() {}

    static void normalize(String encoded, StringBuilder out) {
        int percent = encoded.indexOf('%');
        if (percent < 0) {
            out.append(encoded);
            return;
        }
        int copied = 0;
        while (percent >= 0 && percent + 2 < encoded.length()) {
            int high = Character.digit(encoded.charAt(percent + 1), 16);
            int low = Character.digit(encoded.charAt(percent + 2), 16);
            if (high < 0 || low < 0) {
                percent = encoded.indexOf('%', percent + 1);
                continue;
            }
            out.append(encoded, copied, percent);
            char decoded = (char) (high << 4 | low);
            if (isUnreserved(decoded)) {
                out.append(decoded);
            } else {
                out.append('%').append(upperHex(high)).append(upperHex(low));
            }
            copied = percent + 3;
            percent = encoded.indexOf('%', copied);
        }
        out.append(encoded, copied, encoded.length());
    }

    private static char upperHex(int digit) {
        return "0123456789ABCDEF".charAt(digit);
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_'
                || c == '~';
    }
}
