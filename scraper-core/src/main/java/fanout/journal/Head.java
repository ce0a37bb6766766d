package fanout.journal;

import fanout.url.Fingerprint;
import java.time.Instant;

/**
 * Whose journal it is.
 *
 * @param startedAt when the first run began
 * @param seed of the fingerprints of URLs in this journal
 */
record Head(Identity identity, Instant startedAt, Fingerprint.Seed seed) {

    /** Another format has another number. */
    static final int VERSION = 1;
}
