package fanout.admission;

import fanout.page.Request;
import fanout.url.Fingerprint;

/** A URL that may be admitted, and its fingerprint. Immutable. */
record Candidate(Request request, Fingerprint print) {

    static Candidate of(Request request, Fingerprint.Seed seed) {
        return new Candidate(request, Fingerprint.of(request.url().toString(), seed));
    }
}
