package fanout.internal.codec;

/** An encoding that is not a form of Unicode. Queries of a page's links are written in it. */
abstract class LegacyCharset extends DecodingCharset {

    /** What {@link #bytes} gives for a character that the encoding lacks. */
    static final long NONE = -1;

    LegacyCharset(String name) {
        super(name);
    }

    /** The bytes of a character that is not ASCII, the last one lowest; {@link #NONE} if there are none. */
    abstract long bytes(int codePoint);

    /** The URL Standard's "percent-encode after encoding" (section 1.3) of a query. */
    String query(String text) {
        QueryText query = new QueryText(text.length());
        text.codePoints().map(LegacyCharset::scalar).forEach(c -> {
            long bytes = c < 0x80 ? c : bytes(c);
            if (bytes == NONE) {
                query.reference(c);
            } else {
                query.bytes(bytes);
            }
        });
        return query.toString();
    }

    /** Half of a surrogate pair is no character. */
    static int scalar(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE ? '\uFFFD' : codePoint;
    }

    /** Two bytes as {@link #bytes} gives them. */
    static long pair(int first, int second) {
        return ((long) first << Byte.SIZE) | second;
    }
}
