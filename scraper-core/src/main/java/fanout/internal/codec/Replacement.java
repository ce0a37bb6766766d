package fanout.internal.codec;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;

/**
 * The Encoding Standard's replacement encoding (section 15.1): whatever a page has, it is one U+FFFD. Declared are
 * encodings in which markup can be hidden from those who read it as ASCII.
 */
final class Replacement extends DecodingCharset {

    Replacement() {
        super("replacement");
    }

    @Override
    public CharsetDecoder newDecoder() {
        return new Decoder(this);
    }

    private static final class Decoder extends CharsetDecoder {

        private boolean replaced;

        Decoder(Replacement charset) {
            super(charset, 0.5f, 1);
        }

        @Override
        protected void implReset() {
            replaced = false;
        }

        @Override
        protected CoderResult decodeLoop(ByteBuffer in, CharBuffer out) {
            if (!replaced && in.hasRemaining()) {
                if (!out.hasRemaining()) {
                    return CoderResult.OVERFLOW;
                }
                out.put('\uFFFD');
                replaced = true;
            }
            in.position(in.limit());
            return CoderResult.UNDERFLOW;
        }
    }
}
