package fanout.job;

import fanout.page.HeaderRule;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Request settings. Immutable.
 *
 * @param headers added to every request; one for Accept replaces what browsers send; Authorization and Cookie go to the
 *     start URLs' origins only
 * @param cookies whether a crawl keeps cookies, in a bounded jar of its own
 * @param authorities certificates of authorities that are trusted beside those of the JDK
 */
public record Http(
        String userAgent,
        Map<String, String> headers,
        boolean cookies,
        Optional<Proxy> proxy,
        List<X509Certificate> authorities) {

    private static final Pattern VISIBLE = Pattern.compile("[\\x20-\\x7E\\t]*");

    /** The default user agent, cookies, no proxy. */
    public static final Http DEFAULT = new Http(UserAgent.DEFAULT, Map.of(), true, Optional.empty(), List.of());

    public Http {
        Require.matches(userAgent, VISIBLE, "http.userAgent", "printable ASCII");
        Require.check(!userAgent.isBlank(), "http.userAgent", "must not be blank");
        for (Map.Entry<String, String> header : headers.entrySet()) {
            String key = "http.headers." + header.getKey();
            HeaderRule.check(header.getKey(), header.getValue(), key);
        }
        TreeMap<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        copy.putAll(headers);
        headers = Collections.unmodifiableMap(copy);
        authorities = List.copyOf(authorities);
    }

    /** The same without Authorization and Cookie, for URLs that the job does not start at. */
    public Http withoutCredentials() {
        Map<String, String> others = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        others.putAll(headers);
        others.remove("Authorization");
        others.remove("Cookie");
        return toBuilder().headers(others).build();
    }

    /** A builder with every component of this record set. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Changes single components of what requests carry; each method sets the one of its name. Not thread-safe. */
    public static final class Builder {

        private String userAgent;
        private Map<String, String> headers;
        private boolean cookies;
        private Optional<Proxy> proxy;
        private List<X509Certificate> authorities;

        private Builder(Http from) {
            this.userAgent = from.userAgent;
            this.headers = from.headers;
            this.cookies = from.cookies;
            this.proxy = from.proxy;
            this.authorities = from.authorities;
        }

        public Builder userAgent(String value) {
            userAgent = value;
            return this;
        }

        public Builder headers(Map<String, String> value) {
            headers = value;
            return this;
        }

        public Builder cookies(boolean value) {
            cookies = value;
            return this;
        }

        public Builder proxy(Optional<Proxy> value) {
            proxy = value;
            return this;
        }

        public Builder authorities(List<X509Certificate> value) {
            authorities = value;
            return this;
        }

        /**
         * The record.
         *
         * @throws IllegalArgumentException if a component is out of its bounds; the message begins with the job file's
         *     key
         */
        public Http build() {
            return new Http(userAgent, headers, cookies, proxy, authorities);
        }
    }

    /** An HTTP proxy. None is taken from the environment. */
    public record Proxy(String host, int port, Optional<Login> login) {
        public Proxy {
            Require.check(!host.isBlank(), "http.proxy", "needs a host");
            Require.between(port, 1, 65_535, "http.proxy");
        }

        /** A proxy that asks for no login. */
        public Proxy(String host, int port) {
            this(host, port, Optional.empty());
        }
    }

    /** What a proxy is told by HTTP's basic authentication. Shown without the password. */
    public record Login(String user, String password) {
        public Login {
            Require.check(user.indexOf(':') < 0, "http.proxy", "the user's name must not hold a colon");
        }

        @Override
        public String toString() {
            return "Login[user=" + user + ", password=***]";
        }
    }
}
