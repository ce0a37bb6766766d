package fanout.okhttp;

import java.util.Optional;
import okhttp3.Cookie;
import okhttp3.HttpUrl;

/**
 * A cookie as it is sent back, and OkHttp's reading of where and how long. OkHttp (5.5.1) drops a cookie whose name or value
 * is not ASCII; browsers return its bytes as they came.
 *
 * @param rules whose name and value do not count
 * @param number grows with the moment of creation
 */
record KeptCookie(Cookie rules, String name, String value, long number) {

    /** Stands for bytes that were not UTF-8 and are lost: such a cookie cannot be returned. */
    private static final char REPLACEMENT = '\uFFFD';

    /** Reads a Set-Cookie header; empty if it sets nothing. */
    static Optional<KeptCookie> parse(HttpUrl url, String header) {
        int end = header.indexOf(';') < 0 ? header.length() : header.indexOf(';');
        String pair = header.substring(0, end);
        if (pair.chars().allMatch(c -> c < 0x80)) {
            return Optional.ofNullable(Cookie.parse(url, header))
                    .map(cookie -> new KeptCookie(cookie, cookie.name(), cookie.value(), 0));
        }
        int equals = pair.indexOf('=');
        String name = equals < 0 ? "" : pair.substring(0, equals).strip();
        String value = pair.substring(equals + 1).strip();
        return name.isEmpty() || !isSendable(pair.strip())
                ? Optional.empty()
                : Optional.ofNullable(Cookie.parse(url, "name=value" + header.substring(end)))
                        .map(rules -> new KeptCookie(rules, name, value, 0));
    }

    private static boolean isSendable(String text) {
        return text.chars().noneMatch(c -> c < ' ' || c == 0x7F || c == REPLACEMENT);
    }

    /** The same with another place in the order of creation. */
    KeptCookie createdAs(long place) {
        return new KeptCookie(rules, name, value, place);
    }

    int pathLength() {
        return rules.path().length();
    }

    /** Characters of what is kept. */
    int length() {
        return name.length() + value.length() + rules.domain().length() + rules.path().length();
    }
}
