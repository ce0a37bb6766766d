package fanout.admission;

import fanout.page.Request;
import fanout.url.Fingerprint;

/** A URL that may be admitted, and its fingerprint. Immutable. */
record Candidate(Request request, Fingerprint print) {}
