package fanout.journal;

import fanout.page.Request;
import fanout.url.CanonicalUrl;
import java.util.Optional;

/**
 * A URL that was admitted, as text: most of those in a journal have their outcome, and their URLs need not be parsed again.
 *
 * @param referrer empty if there is none
 */
record AdmittedUrl(String url, int depth, Optional<String> label, String referrer) {

    /** @param from the referrer, if there is one: of many URLs it is the same */
    Request request(Optional<CanonicalUrl> from) throws DamageException {
        CanonicalUrl canonical = from.isPresent()
                ? from.get().near(url).orElseThrow(() -> new DamageException("not a URL"))
                : RecordReader.canonical(url);
        return new Request(canonical, depth, label, from);
    }
}
