package fanout.app.config;

import fanout.job.GivenCookie;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads cookies from a file as browsers and their extensions export it: seven fields with tabs between them, one cookie
 * a line. Values are secrets: no message has one.
 */
final class CookieFile {

    private static final String HTTP_ONLY = "#HttpOnly_";
    private static final int FIELDS = 7;

    private CookieFile() {}

    /**
     * Reads a file's text.
     *
     * @param source the file's name, with which messages begin
     * @throws IllegalArgumentException if a line is no cookie; the message has the number of the line
     */
    static List<GivenCookie> read(String text, String source) {
        List<GivenCookie> cookies = new ArrayList<>();
        String[] lines = (text.startsWith("\uFEFF") ? text.substring(1) : text).split("\r?\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].startsWith(HTTP_ONLY) ? lines[i].substring(HTTP_ONLY.length()) : lines[i];
            if (!line.isBlank() && !line.startsWith("#")) {
                String where = source + ", line " + (i + 1) + ": ";
                try {
                    cookies.add(cookie(line));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(where + e.getMessage(), e);
                }
            }
        }
        return cookies;
    }

    private static GivenCookie cookie(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException("expected " + FIELDS + " fields with tabs between them, found "
                    + fields.length);
        }
        String domain = fields[0].startsWith(".") ? fields[0].substring(1) : fields[0];
        return new GivenCookie(domain, flag(fields[1], "subdomains (field 2)"), fields[2],
                flag(fields[3], "secure (field 4)"), expiry(fields[4]), fields[5], fields[6]);
    }

    private static boolean flag(String text, String what) {
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "TRUE" -> true;
            case "FALSE" -> false;
            default -> throw new IllegalArgumentException(what + " must be TRUE or FALSE");
        };
    }

    /** Some browsers export fractions of a second, and 0 or -1 for a cookie that ends with the browser. */
    private static Optional<Instant> expiry(String text) {
        if (!text.matches("-1|[0-9]{1,12}([.][0-9]+)?")) {
            throw new IllegalArgumentException("the expiry (field 5) must be in seconds since 1970, or 0 for none");
        }
        int point = text.indexOf('.');
        long seconds = Long.parseLong(point < 0 ? text : text.substring(0, point));
        return seconds <= 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(seconds));
    }
}
