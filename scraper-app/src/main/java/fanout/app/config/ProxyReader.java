package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.job.Http;
import fanout.url.CanonicalUrl;
import java.net.URLDecoder;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code http.proxy}, the one URL that may hold a user's name and password. No message shows them. */
final class ProxyReader {

    private static final Pattern LOGIN = Pattern.compile("(?i)(http://)([^/@:]*)(?::([^/@]*))?@(.*)");

    private final Problems problems;

    ProxyReader(Problems problems) {
        this.problems = problems;
    }

    Optional<Http.Proxy> read(YamlNode.Scalar node) {
        Matcher login = LOGIN.matcher(node.text().strip());
        boolean hasLogin = login.matches();
        Optional<CanonicalUrl> url = CanonicalUrl.parse(hasLogin ? login.group(1) + login.group(4) : node.text())
                .filter(parsed -> parsed.scheme().equals("http") && parsed.pathAndQuery().equals("/"));
        if (url.isEmpty()) {
            boolean isShown = !node.secret() && node.text().indexOf('@') < 0;
            problems.add(node.at(), "proxy must be the URL of an HTTP proxy, as in http://127.0.0.1:3128"
                    + (isShown ? ", not \"" + node.text() + "\"" : ""));
            return Optional.empty();
        }
        return problems.at(node.at(), () -> new Http.Proxy(url.get().host().name(), url.get().host().port(),
                hasLogin ? Optional.of(login(login)) : Optional.empty()));
    }

    private static Http.Login login(Matcher found) {
        String password = found.group(3);
        return new Http.Login(decoded(found.group(2)), password == null ? "" : decoded(password));
    }

    /** A password that holds {@code @}, {@code :} or {@code /} is percent-encoded, as in any URL. */
    private static String decoded(String escaped) {
        try {
            return URLDecoder.decode(escaped.replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("http.proxy must percent-encode a % of its user or password as %25", e);
        }
    }
}
