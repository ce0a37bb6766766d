package fanout.limit;

/** What a page's document takes in memory, estimated from above. */
final class DocumentSize {

    /** Measured with jsoup 1.24.1: what an element takes, and what text and attributes take at most, for each byte of a page. */
    private static final int BYTES_A_TAG = 130;
    private static final int BYTES_A_BYTE = 16;

    private DocumentSize() {}

    /** Of a page that may be nothing but tags. */
    static long ofAnyPage(int pageBytes) {
        return (long) pageBytes * (BYTES_A_TAG + BYTES_A_BYTE);
    }

    /** Of this page, by its tags. */
    static long byTags(byte[] page) {
        long tags = 0;
        for (byte b : page) {
            tags += b == '<' ? 1 : 0;
        }
        return tags * BYTES_A_TAG + (long) page.length * BYTES_A_BYTE;
    }
}
