package fanout.okhttp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * The head of a redirect, byte for byte, as a socket without TLS gave it. OkHttp decodes heads as UTF-8, and a Location in
 * another encoding has lost its bytes by then. Confined to the fetching thread.
 */
final class RawHead {

    /** A Location that matters is shorter than OkHttp's limit for a head. */
    private static final int LONGEST = 64 << 10;
    /** Where the first digit of the status is. */
    private static final int STATUS = "HTTP/1.1 ".length();
    private static final String FIELD = "location:";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);
    private boolean isOfRedirect = true;

    void begins() {
        bytes.reset();
        isOfRedirect = true;
    }

    /** A socket gave bytes; those of other answers, or of TLS, are not kept. */
    void read(byte[] from, int offset, int count) {
        if (count <= 0 || !isOfRedirect || bytes.size() >= LONGEST) {
            return;
        }
        if (bytes.size() == 0 && count > STATUS) {
            byte status = from[offset + STATUS];
            isOfRedirect = from[offset] == 'H' && (status == '3' || status == '1');
        }
        if (isOfRedirect) {
            bytes.write(from, offset, Math.min(count, LONGEST - bytes.size()));
        }
    }

    /** The Location, each byte that is not ASCII percent-encoded; empty if it is not known. */
    Optional<String> location() {
        Optional<String> found = Optional.empty();
        boolean isInterim = false;
        for (String line : isOfRedirect ? bytes.toString(StandardCharsets.ISO_8859_1).split("\r?\n", -1)
                : new String[0]) {
            if (line.isEmpty() && !isInterim) {
                return found.map(RawHead::encoded);
            }
            if (line.startsWith("HTTP/1.")) {
                isInterim = line.startsWith("1", STATUS);
            } else if (line.regionMatches(true, 0, FIELD, 0, FIELD.length())) {
                found = Optional.of(line.substring(FIELD.length()).strip());
            }
        }
        return Optional.empty();
    }

    private static String encoded(String location) {
        StringBuilder out = new StringBuilder(location.length() + 16);
        for (int i = 0; i < location.length(); i++) {
            char c = location.charAt(i);
            if (c < 0x80) {
                out.append(c);
            } else {
                out.append('%').append(Integer.toHexString(c).toUpperCase(Locale.ROOT));
            }
        }
        return out.toString();
    }
}
