package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.document.DocumentPosition;
import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.Section;
import fanout.job.GivenCookie;
import fanout.job.Http;
import fanout.job.SecretText;
import fanout.job.Secrets;
import fanout.page.Request.References;
import fanout.url.CanonicalUrl;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code http}.
 *
 * @param secrets to which the job refers
 */
record HttpReader(Problems problems, JobPaths paths, Secrets secrets) {

    private static final long MOST_COOKIE_BYTES = 16 << 20;
    private static final Pattern LOGIN = Pattern.compile("(?i)(http://)([^/@:]*)(?::([^/@]*))?@(.*)");
    /** The same, where user and password may refer to secrets. */
    private static final Pattern SECRET_LOGIN = Pattern.compile(
            "(?i)(http://)((?:\\$\\{[^}]*}|[^/@:])*)(?::((?:\\$\\{[^}]*}|[^/@])*))?@(.*)");

    Optional<Http> read(Section section) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        Map<String, DocumentPosition> places = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        section.entries("headers").forEach((name, value) -> {
            if (value instanceof YamlNode.Scalar text) {
                header(name, text, headers, places);
            }
        });
        Optional<Http.Proxy> proxy = section.scalar("proxy").flatMap(node -> proxy(node, problems, secrets));
        List<X509Certificate> authorities = section.scalar("caFile")
                .flatMap(node -> paths.input(node, "caFile").map(file -> certificates(node, file)))
                .orElse(List.of());
        List<GivenCookie> cookies = section.scalar("cookiesFile")
                .flatMap(node -> paths.input(node, "cookiesFile").map(file -> cookies(node, file)))
                .orElse(List.of());
        return section.make(() -> new Http(section.text("userAgent").orElseThrow(), headers, section.flag("cookies"),
                proxy, authorities, secrets, cookies));
    }

    /** One at a time: each problem then has the place of its header. */
    private void header(YamlNode.Scalar name, YamlNode.Scalar value, Map<String, String> headers,
            Map<String, DocumentPosition> places) {
        if (name.text().equalsIgnoreCase("User-Agent")) {
            problems.add(name.at(), "\"" + name.text() + "\" is set by http.userAgent");
            return;
        }
        String text = secrets.isEmpty() || value.refers() ? value.text() : SecretText.literal(value.text());
        Map<String, String> header = Map.of(name.text(), text);
        problems.at(value.at(), () -> Http.DEFAULT.toBuilder().secrets(secrets).headers(header).build())
                .ifPresent(_ -> {
                    DocumentPosition first = places.putIfAbsent(name.text(), name.at());
                    if (first == null) {
                        headers.put(name.text(), text);
                    } else {
                        problems.add(name.at(),
                                "duplicate header \"" + name.text() + "\"; first at " + first.shortly());
                    }
                });
    }

    private List<GivenCookie> cookies(YamlNode.Scalar node, Path file) {
        try {
            if (Files.size(file) > MOST_COOKIE_BYTES) {
                problems.add(node.at(), "cookiesFile " + file + " is longer than 16 MiB");
                return List.of();
            }
            String text = Files.readString(file);
            return problems.at(node.at(), () -> CookieFile.read(text, "cookiesFile " + file)).orElse(List.of());
        } catch (CharacterCodingException e) {
            problems.add(node.at(), "cookiesFile " + file + " is not UTF-8");
        } catch (IOException e) {
            problems.add(node.at(), paths.unreadable(node, "cookiesFile", file, e));
        }
        return List.of();
    }

    private List<X509Certificate> certificates(YamlNode.Scalar node, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            List<X509Certificate> certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (certificates.isEmpty()) {
                problems.add(node.at(), "caFile " + node.text() + " holds no certificate");
            }
            return certificates;
        } catch (CertificateException e) {
            problems.add(node.at(), "caFile " + node.text() + " is not a file of certificates in PEM format");
        } catch (IOException e) {
            problems.add(node.at(), paths.unreadable(node, "caFile", file, e));
        }
        return List.of();
    }

    /**
     * Reads the URL of a proxy, the one that may hold a user's name and password. No message shows them. The result is
     * empty if that is a problem, such as a secret that does not go to the proxy.
     *
     * @param secrets to which the login may refer
     */
    static Optional<Http.Proxy> proxy(YamlNode.Scalar node, Problems problems, Secrets secrets) {
        Matcher login = (node.refers() ? SECRET_LOGIN : LOGIN).matcher(node.text().strip());
        boolean hasLogin = login.matches();
        Optional<CanonicalUrl> url = CanonicalUrl.parse(hasLogin ? login.group(1) + login.group(4) : node.text())
                .filter(parsed -> parsed.scheme().equals("http") && parsed.pathAndQuery().equals("/"));
        if (url.isEmpty()) {
            boolean isShown = !node.secret() && node.text().indexOf('@') < 0;
            problems.add(node.at(), "proxy must be the URL of an HTTP proxy, as in http://127.0.0.1:3128"
                    + (isShown ? ", not \"" + node.text() + "\"" : ""));
            return Optional.empty();
        }
        UnaryOperator<String> reader =
                node.refers() ? text -> withSecrets(text, url.get(), secrets) : HttpReader::decoded;
        return problems.at(node.at(), () -> new Http.Proxy(url.get().host().name(), url.get().host().port(),
                hasLogin ? Optional.of(login(login, reader)) : Optional.empty()));
    }

    private static Http.Login login(Matcher found, UnaryOperator<String> reader) {
        String password = found.group(3);
        return new Http.Login(reader.apply(found.group(2)), password == null ? "" : reader.apply(password));
    }

    /** Returns a part of a login with its secrets, which are taken as they are: nothing in them is an escape. */
    private static String withSecrets(String escaped, CanonicalUrl proxy, Secrets secrets) {
        SecretText text = new SecretText(new SecretText(escaped).with(part -> SecretText.literal(decoded(part))));
        return text.resolved(name -> Optional.ofNullable(secrets.byName().get(name))
                .filter(secret -> secret.mayGo(proxy))
                .map(Secrets.Secret::value)
                .orElseThrow(() -> new IllegalArgumentException("the secret " + name + " does not go to http.proxy, "
                        + proxy.host() + "; the configuration of the service names its hosts")),
                References.IN_TEXT);
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
