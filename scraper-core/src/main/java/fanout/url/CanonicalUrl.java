package fanout.url;

import java.util.Optional;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * The one spelling of an http or https URL, by which it is deduplicated, matched, written and fetched.
 *
 * <p>OkHttp parses, by the WHATWG's standard. On top of that the host loses a trailing dot, every spelling of an IPv4
 * address becomes dotted decimal, percent escapes are upper-cased and unreserved characters decoded (RFC 3986, section
 * 6.2.2), and the fragment is dropped. Query order, empty queries, double and trailing slashes are kept. URLs that
 * carry userinfo are refused.
 *
 * <p>Immutable. Holds one string and a shared {@link Host}, because a frontier holds a million of these.
 */
public final class CanonicalUrl implements Comparable<CanonicalUrl> {

    private final String spelling;
    private final Host host;

    private CanonicalUrl(String spelling, Host host) {
        this.spelling = spelling;
        this.host = host;
    }

    /** Reads an absolute URL; empty if it is malformed, not http(s), or carries userinfo. */
    public static Optional<CanonicalUrl> parse(String url) {
        String text = withoutControls(url);
        return HostNames.hasEscapedAddress(text) ? Optional.empty() : canonical(HttpUrl.Companion.parse(text), null);
    }

    /**
     * Reads an absolute URL that is known to be good.
     *
     * @throws IllegalArgumentException if it is not
     */
    public static CanonicalUrl of(String url) {
        return parse(url).orElseThrow(() -> new IllegalArgumentException("not a plain http or https URL: " + url));
    }

    static Optional<CanonicalUrl> canonical(@Nullable HttpUrl url, @Nullable Host near) {
        if (url == null || !url.encodedUsername().isEmpty() || !url.encodedPassword().isEmpty()) {
            return Optional.empty();
        }
        Host host = near;
        if (host == null || host.port() != url.port() || !host.name().equals(url.host())) {
            String name = HostNames.canonical(url.host());
            if (name.isEmpty()) {
                return Optional.empty();
            }
            host = new Host(name, url.port());
        }
        StringBuilder out = new StringBuilder(64).append(url.scheme()).append("://").append(host.inUrl());
        if (url.port() != HttpUrl.Companion.defaultPort(url.scheme())) {
            out.append(':').append(url.port());
        }
        PercentEscapes.normalize(url.encodedPath(), out);
        String query = url.encodedQuery();
        if (query != null) {
            PercentEscapes.normalize(query, out.append('?'));
        }
        return Optional.of(new CanonicalUrl(out.toString(), host));
    }

    /** A URL from its {@link #toString}; quick if it is of the same origin. Empty if it is not a URL. */
    public Optional<CanonicalUrl> near(String spelling) {
        int path = pathStart();
        return spelling.length() > path && spelling.charAt(path) == '/'
                && spelling.regionMatches(0, this.spelling, 0, path)
                        ? Optional.of(new CanonicalUrl(spelling, host))
                        : parse(spelling);
    }

    /** A spelling that is canonical by the way it was made. */
    static CanonicalUrl known(String spelling, Host host) {
        return new CanonicalUrl(spelling, host);
    }

    /**
     * Removes tabs and line ends wherever they stand, and C0 controls and spaces at both ends, as WHATWG says. Escapes
     * a form feed, which OkHttp would remove: it is a control like all others.
     */
    static String withoutControls(String url) {
        int from = 0;
        int to = url.length();
        while (from < to && url.charAt(from) <= ' ') {
            from++;
        }
        while (to > from && url.charAt(to - 1) <= ' ') {
            to--;
        }
        String trimmed = url.substring(from, to);
        for (int i = 0; i < trimmed.length(); i++) {
            char c = trimmed.charAt(i);
            if (c == '\t' || c == '\n' || c == '\r' || c == '\f') {
                return trimmed.replace("\t", "").replace("\n", "").replace("\r", "").replace("\f", "%0C");
            }
        }
        return trimmed;
    }

    /** {@code http} or {@code https}. */
    public String scheme() {
        return isHttps() ? "https" : "http";
    }

    public boolean isHttps() {
        return spelling.charAt(4) == 's';
    }

    public Host host() {
        return host;
    }

    /** Scheme, host and port, without a trailing slash: the origin of RFC 6454. */
    public String origin() {
        return spelling.substring(0, pathStart());
    }

    /** The path and, after a question mark, the query. */
    public String pathAndQuery() {
        return spelling.substring(pathStart());
    }

    /** The URL of this origin's robots.txt. */
    public CanonicalUrl robotsTxt() {
        return new CanonicalUrl(origin() + "/robots.txt", host);
    }

    /** Returns the URL as OkHttp reads it. */
    HttpUrl toHttpUrl() {
        return HttpUrl.get(spelling);
    }

    /** Characters in the canonical spelling. */
    public int length() {
        return spelling.length();
    }

    int pathStart() {
        return spelling.indexOf('/', isHttps() ? 8 : 7);
    }

    @Override
    public int compareTo(CanonicalUrl other) {
        return spelling.compareTo(other.spelling);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CanonicalUrl that && spelling.equals(that.spelling);
    }

    @Override
    public int hashCode() {
        return spelling.hashCode();
    }

    /** The canonical spelling. */
    @Override
    public String toString() {
        return spelling;
    }

    /**
     * RFC 3986, section 6.2.2: hexadecimal digits in upper case, escaped unreserved characters decoded. Normalizing is
     * idempotent, because a character that would complete a stray percent sign before it stays encoded.
     */
    private static final class PercentEscapes {

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

        /**
         * Whether the text so far ends in a stray percent sign, or one and a digit, which this character would
         * complete.
         */
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
}
