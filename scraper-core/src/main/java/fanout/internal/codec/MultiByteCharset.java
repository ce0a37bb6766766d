package fanout.internal.codec;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;

/** An encoding where ASCII is ASCII and other characters take one byte or more, without any state between them. */
abstract class MultiByteCharset extends LegacyCharset {

    MultiByteCharset(String name) {
        super(name);
    }

    /**
     * The {@link Sequence} that begins here, by the standard's decoder of this encoding.
     *
     * @param lead the byte at this position, not ASCII
     */
    abstract long read(int lead, ByteBuffer in, int at);

    /** The byte at this position; -1 at the end. */
    static int byteAt(ByteBuffer in, int at) {
        return at < in.limit() ? in.get(at) & 0xFF : -1;
    }

    static boolean isBetween(int value, int first, int last) {
        return value >= first && value <= last;
    }

    @Override
    public final CharsetDecoder newDecoder() {
        return new Decoder(this);
    }

    private static final class Decoder extends CharsetDecoder {

        private final MultiByteCharset charset;

        Decoder(MultiByteCharset charset) {
            super(charset, 0.5f, 1);
            this.charset = charset;
        }

        @Override
        protected CoderResult decodeLoop(ByteBuffer in, CharBuffer out) {
            int at = in.position();
            try {
                while (at < in.limit()) {
                    int lead = in.get(at) & 0xFF;
                    long sequence = lead < 0x80 ? Sequence.of(lead, 1) : charset.read(lead, in, at);
                    if (sequence == Sequence.INCOMPLETE) {
                        return CoderResult.UNDERFLOW;
                    }
                    if (sequence < 0) {
                        return CoderResult.malformedForLength((int) -sequence);
                    }
                    int units = Sequence.units(sequence);
                    int first = units >>> Character.SIZE;
                    if (out.remaining() < (first == 0 ? 1 : 2)) {
                        return CoderResult.OVERFLOW;
                    }
                    if (first != 0) {
                        out.put((char) first);
                    }
                    out.put((char) units);
                    at += Sequence.length(sequence);
                }
                return CoderResult.UNDERFLOW;
            } finally {
                in.position(at);
            }
        }
    }
}
