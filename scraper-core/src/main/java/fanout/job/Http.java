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
 * @param authorities certificates of authorities that are trusted in addition to those of the JDK
 * @param secrets to which requests may refer, see {@link fanout.page.Request.References}; so do the headers, if there
 *     are some
 * @param givenCookies which the crawl keeps from its beginning, as if its sites had set them; at most 50 for a domain
 */
public record Http(
        String userAgent,
        Map<String, String> headers,
        boolean cookies,
        Optional<Proxy> proxy,
        List<X509Certificate> authorities,
        Secrets secrets,
        List<GivenCookie> givenCookies) {

    private static final int MOST_COOKIES_OF_A_DOMAIN = 50;
    private static final int MOST_COOKIES = 3_000;
    private static final Pattern VISIBLE = Pattern.compile("[\\x20-\\x7E\\t]*");

    /** The default user agent, cookies, no proxy. */
    public static final Http DEFAULT = new Http(UserAgent.DEFAULT, Map.of(), true, Optional.empty(), List.of());

    public Http {
        Require.matches(userAgent, VISIBLE, "http.userAgent", "printable ASCII");
        Require.check(!userAgent.isBlank(), "http.userAgent", "must not be blank");
        for (Map.Entry<String, String> header : headers.entrySet()) {
            String key = "http.headers." + header.getKey();
            HeaderRule.check(header.getKey(), header.getValue(), key);
            if (!secrets.isEmpty()) {
                secrets.checkHeader(new SecretText(header.getValue()), key);
            }
        }
        TreeMap<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        copy.putAll(headers);
        headers = Collections.unmodifiableMap(copy);
        authorities = List.copyOf(authorities);
        givenCookies = List.copyOf(givenCookies);
        Require.check(cookies || givenCookies.isEmpty(), "http.cookies", "must be true, because cookies are given");
        Require.check(givenCookies.size() <= MOST_COOKIES, "http.cookiesFile", "has " + givenCookies.size()
                + " cookies, and a crawl keeps " + MOST_COOKIES + "; leave those of other sites out");
        Map<String, Integer> ofDomains = new TreeMap<>();
        for (GivenCookie cookie : givenCookies) {
            int count = ofDomains.merge(cookie.domain(), 1, Integer::sum);
            Require.check(count <= MOST_COOKIES_OF_A_DOMAIN, "http.cookiesFile", "has more than "
                    + MOST_COOKIES_OF_A_DOMAIN + " cookies of " + cookie.domain()
                    + ", and a crawl keeps no more of one "
                    + "domain; leave some out");
        }
    }

    /** Settings without secrets and given cookies. */
    public Http(String userAgent, Map<String, String> headers, boolean cookies, Optional<Proxy> proxy,
            List<X509Certificate> authorities) {
        this(userAgent, headers, cookies, proxy, authorities, Secrets.NONE, List.of());
    }

    /** The same without Authorization, Cookie and headers with secrets, for URLs that the job does not start at. */
    public Http withoutCredentials() {
        Map<String, String> others = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        others.putAll(headers);
        others.remove("Authorization");
        others.remove("Cookie");
        if (!secrets.isEmpty()) {
            others.values().removeIf(value -> !new SecretText(value).names().isEmpty());
        }
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
        private Secrets secrets;
        private List<GivenCookie> givenCookies;

        private Builder(Http from) {
            this.userAgent = from.userAgent;
            this.headers = from.headers;
            this.cookies = from.cookies;
            this.proxy = from.proxy;
            this.authorities = from.authorities;
            this.secrets = from.secrets;
            this.givenCookies = from.givenCookies;
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

        public Builder secrets(Secrets value) {
            secrets = value;
            return this;
        }

        public Builder givenCookies(List<GivenCookie> value) {
            givenCookies = value;
            return this;
        }

        /**
         * The record.
         *
         * @throws IllegalArgumentException if a component is out of its bounds; the message begins with the job file's
         *     key
         */
        public Http build() {
            return new Http(userAgent, headers, cookies, proxy, authorities, secrets, givenCookies);
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

    /** What a proxy is told by HTTP's basic authentication, which is not shown: the name of a user may be a key. */
    public record Login(String user, String password) {
        public Login {
            Require.check(user.indexOf(':') < 0, "http.proxy", "the user's name must not hold a colon");
        }

        @Override
        public String toString() {
            return "Login[user=***, password=***]";
        }
    }
}
