package fanout.charset;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * UTF-8 as the Encoding Standard reads it (section 8.1). It is the JDK's, but for a surrogate, of whose three bytes each
 * becomes a U+FFFD: no sequence begins so, and the JDK makes one of all three.
 */
final class Utf8 extends DecodingCharset {

    Utf8() {
        super("UTF-8");
    }

    @Override
    public CharsetDecoder newDecoder() {
        return new Decoder(this);
    }

    private static final class Decoder extends CharsetDecoder {

        private final CharsetDecoder jdk = StandardCharsets.UTF_8.newDecoder();

        Decoder(Utf8 charset) {
            super(charset, 1, 1);
        }

        @Override
        protected CoderResult decodeLoop(ByteBuffer in, CharBuffer out) {
            CoderResult result = jdk.decode(in, out, false);
            return isSurrogate(in) ? CoderResult.malformedForLength(1) : result;
        }

        private static boolean isSurrogate(ByteBuffer in) {
            int at = in.position();
            return MultiByteCharset.byteAt(in, at) == 0xED
                    && MultiByteCharset.isBetween(MultiByteCharset.byteAt(in, at + 1), 0xA0, 0xBF);
        }
    }
}
