package fanout.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * Where one journal lies: the place in which a test puts a disk that fails. Confined to the thread that has the
 * journal.
 */
interface Volume {

    /** The journal's name in messages. */
    String name();

    /**
     * The journal, for reading and writing; made if it is missing. No other crawl has it until it is released.
     *
     * @throws JournalException if another crawl has it
     */
    FileChannel open() throws IOException;

    /** An empty file next to the journal, which {@link #replace} puts in its place. */
    FileChannel openNext() throws IOException;

    /** Puts the other file in the journal's place: whatever happens, either is there, and whole. */
    void replace() throws IOException;

    /** Removes the journal. */
    void remove() throws IOException;

    /** How long a journal must be to be worth compacting. */
    default long leastToCompact() {
        return 8L << 20;
    }

    /** What the journal, and the one that takes its place, are taken from. */
    default Space space() {
        return Space.UNLIMITED;
    }

    /** The journal is closed, and another may have it. */
    void release();
}
