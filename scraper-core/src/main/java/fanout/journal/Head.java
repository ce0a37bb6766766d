package fanout.journal;

import fanout.url.Fingerprint;
import java.time.Instant;

/**
 * Says whose journal it is.
 *
 * @param version of the format: {@link #VERSION}, or {@link #FIRST} in a journal that has not been resumed since
 * @param startedAt when the first run began
 * @param seed of the fingerprints of URLs in this journal
 */
record Head(int version, Identity identity, Instant startedAt, Fingerprint.Seed seed) {

    /** What is written. Another format has another number. */
    static final int VERSION = 2;

    /** The format whose identity is that of {@link Identity#ofVersion1}; it is read, and no longer written. */
    static final int FIRST = 1;

    /** A head of the present version. */
    Head(Identity identity, Instant startedAt, Fingerprint.Seed seed) {
        this(VERSION, identity, startedAt, seed);
    }

    boolean isOfThisVersion() {
        return version == VERSION;
    }

    /** A journal that another version of the program has written. */
    static final class OtherVersionException extends DamageException {

        private static final long serialVersionUID = 1;

        OtherVersionException(long version) {
            super("it is a journal of version " + version + ", and this program reads the versions " + FIRST + " and "
                    + VERSION
                    + ". Resume the crawl with the program that wrote it, or start it again from the beginning");
        }
    }
}
