package fanout.page;

import java.util.Optional;

/**
 * What the body of a fetched page holds. Immutable.
 *
 * @param bytes decoded bytes that were read; 0 for types that are not parsed
 * @param hash SHA-256 of the decoded body, in lower-case hexadecimal
 * @param links distinct links on the page, before scope: those of the standard set, whether or not the job follows
 *     them, and those that its follow rules pick
 * @param itemsDropped items that missed a required field
 * @param isKept whether the body is kept as a file, whose name is the hash
 */
public record Content(
        long bytes,
        Optional<String> charset,
        Optional<String> hash,
        Optional<String> title,
        int links,
        int itemsDropped,
        boolean isKept) {

    /** A body that is not kept. */
    public Content(long bytes, Optional<String> charset, Optional<String> hash, Optional<String> title, int links,
            int itemsDropped) {
        this(bytes, charset, hash, title, links, itemsDropped, false);
    }

    /** Returns what a body holds that is kept as a file and was not parsed. */
    public static Content ofFile(long bytes, String hash) {
        return new Content(bytes, Optional.empty(), Optional.of(hash), Optional.empty(), 0, 0, true);
    }

    /** Returns the same of a body that is kept as a file. */
    public Content kept() {
        return new Content(bytes, charset, hash, title, links, itemsDropped, true);
    }

    /** A body that was not read, because its type is not parsed. */
    public static final Content UNREAD = new Content(0, Optional.empty(), Optional.empty(), Optional.empty(), 0, 0);
}
