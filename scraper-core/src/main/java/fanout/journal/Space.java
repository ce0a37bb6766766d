package fanout.journal;

import fanout.page.Request;
import java.io.IOException;
import java.util.Map;

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
        long texts = (long) request.url().toString().length()
                + request.referrer().map(referrer -> referrer.toString().length()).orElse(0);
        return namesAndValues + 2 * texts + ofDetails(request.details())
                + request.label().map(label -> bytes(label, true)).orElse(0L);
    }

    /** The line has the data; the journal has them, the headers and the body. */
    private static long ofDetails(Request.Details details) {
        if (details.equals(Request.Details.NONE)) {
            return 0;
        }
        int quotesAndComma = 6;
        long bytes = details.body().map(body -> bytes(body.contentType(), false) + bytes(body.text(), false)).orElse(0L)
                + details.identity().map(String::length).orElse(0);
        for (Map.Entry<String, String> header : details.headers().entrySet()) {
            bytes += quotesAndComma + bytes(header.getKey(), false) + bytes(header.getValue(), false);
        }
        for (Map.Entry<String, Object> entry : details.data().entrySet()) {
            String value = entry.getValue().toString();
            bytes += 2L * quotesAndComma + bytes(entry.getKey(), false) + bytes(value, false)
                    + bytes(entry.getKey(), true) + bytes(value, true);
        }
        return bytes;
    }

    /** Returns how many bytes a text takes in UTF-8. */
    private static long bytes(String text, boolean isEscaped) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += isEscaped && (c == '"' || c == '\\') ? 2
                    : isEscaped && c < ' ' ? 6
                            : c < 0x80 ? 1
                                    : c < 0x800 || Character.isSurrogate(c) ? 2
                                            : 3;
        }
        return bytes;
    }
}
