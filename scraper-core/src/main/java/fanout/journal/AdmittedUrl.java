package fanout.journal;

import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.Fingerprint;
import java.util.Optional;

/**
 * A URL that was admitted, as its journal has it: most have their outcome, and need not be parsed again. What it says
 * holds until the next record is read.
 *
 * @param referrer empty for a start URL
 */
record AdmittedUrl(UrlBytes url, int depth, Optional<String> label, UrlBytes referrer, Request.Details details) {

    /** The fingerprint of its key. */
    Fingerprint print(Fingerprint.Seed seed) {
        return details.equals(Request.Details.NONE) ? url.print(seed)
                : Fingerprint.of(details.key(url.toString()), seed);
    }

    /** @param from the referrer, if there is one: of many URLs it is the same */
    Request request(Optional<CanonicalUrl> from) throws DamageException {
        CanonicalUrl canonical = from.isPresent() ? RecordReader.canonical(url.toString(), from.get())
                : RecordReader.canonical(url.toString());
        return new Request(canonical, depth, label, from, details);
    }
}
