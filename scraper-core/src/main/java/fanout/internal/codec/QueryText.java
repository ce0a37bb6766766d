package fanout.internal.codec;

/** The query of a URL, written byte by byte with the percent-encode set of the URL Standard (section 1.3). */
final class QueryText implements LegacyCharset.Output {

    private final StringBuilder out;

    QueryText(int expected) {
        out = new StringBuilder(expected + 32);
    }

    @Override
    public void bytes(long bytes) {
        int shift = 24;
        while (shift > 0 && (bytes >>> shift) == 0) {
            shift -= 8;
        }
        for (; shift >= 0; shift -= 8) {
            oneByte((int) (bytes >>> shift) & 0xFF);
        }
    }

    /** Writes the character as a decimal character reference, as forms do. */
    @Override
    public void reference(int codePoint) {
        out.append("%26%23").append(codePoint).append("%3B");
    }

    private void oneByte(int value) {
        boolean isPlain = value > ' ' && value < 0x7F && "\"#'<>".indexOf(value) < 0;
        if (isPlain) {
            out.append((char) value);
        } else {
            out.append('%').append(hexDigit(value >>> 4)).append(hexDigit(value & 0xF));
        }
    }

    private static char hexDigit(int value) {
        return "0123456789ABCDEF".charAt(value);
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
