package fanout.app.config;

import com.google.re2j.Pattern;
import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.job.Selector;
import fanout.url.CanonicalUrl;
import java.util.Optional;

/** Reads texts that are more than texts. Each is empty if it is a problem, which was told. */
record Values(Problems problems) {

    Optional<CanonicalUrl> url(YamlNode.Scalar node, String key) {
        Optional<CanonicalUrl> url = CanonicalUrl.parse(node.text());
        if (url.isEmpty()) {
            boolean secret = node.secret() || node.text().contains("@"); // perhaps a password, which is not for logs
            problems.add(node.at(), key + " must be an absolute http or https URL without user name and password"
                    + (secret ? "" : ", not \"" + node.text() + "\"" + cure(node.text())));
        }
        return url;
    }

    /** Most people who write no scheme mean https. */
    private static String cure(String text) {
        boolean bare = !text.contains("://") && CanonicalUrl.parse("https://" + text).isPresent();
        return bare ? "; did you mean \"https://" + text + "\"?" : "";
    }

    Optional<Pattern> pattern(YamlNode.Scalar node) {
        return problems.at(node.at(), () -> Patterns.compile(node.text()));
    }

    Optional<Selector> css(YamlNode.Scalar node) {
        return problems.at(node.at(), () -> new Selector.Css(node.text()));
    }

    Optional<Selector> xpath(YamlNode.Scalar node) {
        return problems.at(node.at(), () -> new Selector.XPath(node.text()));
    }
}
