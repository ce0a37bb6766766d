package fanout.app.reportpage;

import org.jspecify.annotations.Nullable;

/** Memory for the texts that a page shows, such as URLs, which a hostile site makes long. Confined to one thread. */
final class Texts {

    private static final int MOST_CHARACTERS = 300;
    private static final int BYTES_OF_AN_OBJECT = 64;

    private long left;
    private boolean isFull;

    /** @param bytes for all of them */
    Texts(long bytes) {
        this.left = bytes;
    }

    /** Takes the memory of these texts; returns false if there is too little, and then they are not kept. */
    boolean take(@Nullable String... texts) {
        long bytes = 0;
        for (String text : texts) {
            bytes += text == null ? 0 : BYTES_OF_AN_OBJECT + (long) Character.BYTES * text.length();
        }
        if (bytes > left) {
            isFull = true;
            return false;
        }
        left -= bytes;
        return true;
    }

    /** Returns whether a text was not kept. */
    boolean isFull() {
        return isFull;
    }

    /** Returns the beginning of a text that a reader need not see to its end, such as a title. */
    static @Nullable String cut(@Nullable String text) {
        return text == null || text.length() <= MOST_CHARACTERS ? text
                : text.substring(0, MOST_CHARACTERS) + "\u2026";
    }
}
