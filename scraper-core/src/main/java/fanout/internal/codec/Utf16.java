package fanout.internal.codec;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;

/**
 * UTF-16 as the Encoding Standard reads it (section 15.2): a lone surrogate becomes one U+FFFD and takes nothing of
 * what follows, and U+FFFE is a character. The JDK's decoder reads both differently.
 */
final class Utf16 extends DecodingCharset {

    private final boolean bigEndian;

    private Utf16(String name, boolean bigEndian) {
        super(name);
        this.bigEndian = bigEndian;
    }

    static Utf16 bigEndian() {
        return new Utf16("UTF-16BE", true);
    }

    static Utf16 littleEndian() {
        return new Utf16("UTF-16LE", false);
    }

    @Override
    public CharsetDecoder newDecoder() {
        return new Decoder(this);
    }

    private static final class Decoder extends CharsetDecoder {

        private final boolean bigEndian;

        Decoder(Utf16 charset) {
            super(charset, 0.5f, 1);
            bigEndian = charset.bigEndian;
        }

        private char unit(ByteBuffer in, int at) {
            int first = in.get(at) & 0xFF;
            int second = in.get(at + 1) & 0xFF;
            return (char) (bigEndian ? (first << Byte.SIZE) | second : (second << Byte.SIZE) | first);
        }

        @Override
        protected CoderResult decodeLoop(ByteBuffer in, CharBuffer out) {
            while (in.remaining() >= Character.BYTES) {
                int at = in.position();
                char unit = unit(in, at);
                if (!Character.isSurrogate(unit)) {
                    if (!out.hasRemaining()) {
                        return CoderResult.OVERFLOW;
                    }
                    out.put(unit);
                    in.position(at + Character.BYTES);
                    continue;
                }
                if (Character.isLowSurrogate(unit)) {
                    return CoderResult.malformedForLength(Character.BYTES);
                }
                if (in.remaining() < 2 * Character.BYTES) {
                    return CoderResult.UNDERFLOW;
                }
                char low = unit(in, at + Character.BYTES);
                if (!Character.isLowSurrogate(low)) {
                    return CoderResult.malformedForLength(Character.BYTES);
                }
                if (out.remaining() < 2) {
                    return CoderResult.OVERFLOW;
                }
                out.put(unit).put(low);
                in.position(at + 2 * Character.BYTES);
            }
            return CoderResult.UNDERFLOW;
        }
    }
}
