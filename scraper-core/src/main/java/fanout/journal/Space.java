package fanout.journal;

import fanout.page.Request;
import java.io.IOException;

/**
 * What the files of one crawl may take on the disk. The journal takes its part before it writes. Of each URL that is
 * admitted the crawl reserves what its line takes at least, because when the crawl ends every URL gets one. Once
 * there is no room for another URL, further links are dropped and counted as such, and what is known is fetched: a
 * crawl that has dropped links for this reason ends as failed, unless it reaches another limit first. Once all is
 * spent, the crawl drains and ends as failed. Either way every URL has its line.
 *
 * <p>Implementations are thread-safe, and wait for nothing: they are called under a crawl's lock.
 */
public interface Space {

    /** As much as a crawl wants. */
    Space UNLIMITED = new Space() {
        @Override
        public void take(long bytes) {
            // there is always enough
        }

        @Override
        public void giveBack(long bytes) {
            // nothing was counted
        }

        @Override
        public void reserve(long bytes) {
            // there is always enough
        }

        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public boolean isSpent() {
            return false;
        }

        @Override
        public IOException exceeded() {
            return new IOException("no space is left");
        }
    };

    /**
     * Takes space for bytes that are about to be written.
     *
     * @throws IOException if there is not enough; nothing is taken then, and the crawl fails with this
     */
    void take(long bytes) throws IOException;

    /** Gives back the space of bytes that were not written, or are gone. */
    void giveBack(long bytes);

    /**
     * Reserves space for lines that are still to come, or, if negative, ends the reservation of lines that have come.
     */
    void reserve(long bytes);

    /**
     * Whether another URL may be admitted: beyond what was taken and reserved there is room for the lines of pages
     * that are fetched.
     */
    boolean hasRoom();

    /** Whether all is taken or reserved. */
    boolean isSpent();

    /** What is said of a crawl that ends because there is none. */
    IOException exceeded();

    /** What the line of a URL takes that was never fetched, and what the journal says of it: about, and not less. */
    static long ofLine(Request request) {
        int namesAndValues = 450;
        int longestEscape = 6;
        long texts = (long) request.url().toString().length()
                + request.referrer().map(referrer -> referrer.toString().length()).orElse(0);
        return namesAndValues + 2 * texts + 2L * longestEscape * request.details().characters()
                + request.label().map(label -> (long) longestEscape * label.length()).orElse(0L);
    }
}
