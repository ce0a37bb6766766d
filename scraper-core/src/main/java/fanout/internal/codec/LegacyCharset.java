package fanout.internal.codec;

/** An encoding that is not a form of Unicode. Queries of a page's links and its forms are written in it. */
abstract class LegacyCharset extends DecodingCharset {

    /** What {@link #bytes} gives for a character that the encoding lacks. */
    static final long NONE = -1;

    LegacyCharset(String name) {
        super(name);
    }

    /** The bytes of a character that is not ASCII, the last one lowest; {@link #NONE} if there are none. */
    abstract long bytes(int codePoint);

    /** Gets a text byte by byte. */
    interface Output {

        /** Takes up to four bytes, from the highest that is not zero. */
        void bytes(long bytes);

        /** Takes a character that the encoding lacks. */
        void reference(int codePoint);
    }

    /** The URL Standard's "percent-encode after encoding" (section 1.3) of a query. */
    final String query(String text) {
        QueryText query = new QueryText(text.length());
        write(text, query);
        return query.toString();
    }

    /** Writes a text. */
    void write(String text, Output out) {
        text.codePoints().map(LegacyCharset::scalar).forEach(c -> {
            long bytes = c < 0x80 ? c : bytes(c);
            if (bytes == NONE) {
                out.reference(c);
            } else {
                out.bytes(bytes);
            }
        });
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
