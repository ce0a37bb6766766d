package fanout.job;

import fanout.url.CanonicalUrl;
import fanout.url.Host;
import java.time.Instant;
import java.util.Optional;

/**
 * A cookie that a crawl has from its beginning, as from a browser in which a person has logged in. Its value is not
 * shown. Immutable.
 *
 * @param domain canonical, without a leading dot
 * @param subdomains whether hosts below the domain get it too
 * @param path to which it goes, with all below it
 * @param secure whether it is sent over https only
 * @param expires empty: it lasts as long as the crawl
 */
public record GivenCookie(
        String domain,
        boolean subdomains,
        String path,
        boolean secure,
        Optional<Instant> expires,
        String name,
        String value) {

    public GivenCookie {
        String given = domain;
        domain = CanonicalUrl.parse("http://" + (given.indexOf(':') >= 0 ? "[" + given + "]" : given))
                .filter(url -> url.pathAndQuery().equals("/") && url.host().port() == 80)
                .map(CanonicalUrl::host)
                .map(Host::name)
                .orElseThrow(
                        () -> new IllegalArgumentException("domain must be a host, as in example.org, not \"" + given
                                + "\""));
        Require.check(path.startsWith("/"), "path", "must start with /");
        Require.check(!name.isBlank() && name.strip().equals(name), "name", "must not be blank, or begin or end so");
        Require.check(isSendable(name) && name.indexOf('=') < 0 && isSendable(value), "name and value",
                "must not contain \";\" or control characters");
    }

    private static boolean isSendable(String text) {
        return text.chars().noneMatch(c -> c < ' ' || c == 0x7F || c == ';');
    }

    @Override
    public String toString() {
        return "GivenCookie[domain=" + domain + ", path=" + path + ", name=" + name + "]";
    }
}
