package fanout.page;

import java.util.Optional;

/**
 * What the body of a fetched page holds. Immutable.
 *
 * @param bytes decoded bytes that were read; 0 for types that are not parsed
 * @param hash SHA-256 of the decoded body, in lower-case hexadecimal
 * @param links distinct links on the page, before scope: those of the standard set, whether or not the job follows them, and
 *     those that its follow rules pick
 * @param itemsDropped items that missed a required field
 */
public record Content(
        long bytes,
        Optional<String> charset,
        Optional<String> hash,
        Optional<String> title,
        int links,
        int itemsDropped) {

    /** A body that was not read, because its type is not parsed. */
    public static final Content UNREAD = new Content(0, Optional.empty(), Optional.empty(), Optional.empty(), 0, 0);
}
