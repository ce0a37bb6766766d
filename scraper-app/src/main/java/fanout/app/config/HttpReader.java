package fanout.app.config;

import fanout.app.config.document.Position;
import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.Section;
import fanout.job.Http;
import fanout.url.CanonicalUrl;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads {@code http}. */
final class HttpReader {

    private final Problems problems;

    HttpReader(Problems problems) {
        this.problems = problems;
    }

    Optional<Http> read(Section section) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        Map<String, Position> places = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        section.entries("headers").forEach((name, value) -> {
            if (value instanceof YamlNode.Scalar text) {
                header(name, text, headers, places);
            }
        });
        Optional<Http.Proxy> proxy = section.scalar("proxy").flatMap(this::proxy);
        return section.make(
                () -> new Http(section.text("userAgent").orElseThrow(), headers, section.flag("cookies"), proxy));
    }

    /** One at a time: each problem then has the place of its header. */
    private void header(YamlNode.Scalar name, YamlNode.Scalar value, Map<String, String> headers,
            Map<String, Position> places) {
        if (name.text().equalsIgnoreCase("User-Agent")) {
            problems.add(name.at(), "\"" + name.text() + "\" is set by http.userAgent");
            return;
        }
        Map<String, String> header = Map.of(name.text(), value.text());
        problems.at(value.at(), () -> Http.DEFAULT.toBuilder().headers(header).build()).ifPresent(_ -> {
            Position first = places.putIfAbsent(name.text(), name.at());
            if (first == null) {
                headers.put(name.text(), value.text());
            } else {
                problems.add(name.at(), "duplicate header \"" + name.text() + "\"; first at " + first.shortly());
            }
        });
    }

    private Optional<Http.Proxy> proxy(YamlNode.Scalar node) {
        Optional<CanonicalUrl> url = CanonicalUrl.parse(node.text())
                .filter(parsed -> parsed.scheme().equals("http") && parsed.pathAndQuery().equals("/"));
        if (url.isEmpty()) {
            problems.add(node.at(), "proxy must be the URL of an HTTP proxy, as in http://127.0.0.1:3128"
                    + (node.secret() ? "" : ", not \"" + node.text() + "\""));
        }
        return url.map(found -> new Http.Proxy(found.host().name(), found.host().port()));
    }
}
