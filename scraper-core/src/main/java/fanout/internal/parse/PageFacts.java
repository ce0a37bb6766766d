package fanout.internal.parse;

import fanout.internal.codec.PageCharset;
import fanout.page.Attempt;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.LinkBase;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a page without a selector.
 *
 * @param base against which links are resolved
 * @param title as browsers show it
 * @param charset in which its forms are sent, unless they say otherwise
 */
record PageFacts(RawPage raw, LinkBase base, Optional<String> title, PageCharset charset) {

    Request request() {
        return raw.request();
    }

    String url() {
        return request().url().toString();
    }

    String time() {
        return Attempt.TIMES.format(raw.fetchedAt());
    }

    Optional<String> referrer() {
        return request().referrer().map(CanonicalUrl::toString);
    }

    int status() {
        return raw.head().status();
    }

    /** Returns a header; of several with one name all of them, as one list (RFC 9110, section 5.3). */
    Optional<String> header(String name) {
        List<String> values = raw.headers().values(name);
        return values.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", values));
    }
}
