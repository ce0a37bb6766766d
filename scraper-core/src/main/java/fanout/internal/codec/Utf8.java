package fanout.internal.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * UTF-8 as the Encoding Standard reads it (section 8.1). It is the JDK's, except for a surrogate, of whose three bytes
 * each becomes a U+FFFD: no sequence begins so, and the JDK makes one of all three.
 */
final class Utf8 extends DecodingCharset {

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final int ESCAPE = "%FF".length();

    // The states of a text between two bytes. A state is the place, in a byte's long of STEPS, where the state behind
    // that byte stands. So a step is a shift, without a branch.
    private static final int STATE_BITS = 6;
    private static final long STATE = (1 << STATE_BITS) - 1;
    private static final int BROKEN = 0;
    private static final int BETWEEN = STATE_BITS;
    private static final int ONE_MORE = 2 * STATE_BITS;
    private static final int TWO_MORE = 3 * STATE_BITS;
    private static final int THREE_MORE = 4 * STATE_BITS;
    private static final int AFTER_E0 = 5 * STATE_BITS;
    private static final int AFTER_ED = 6 * STATE_BITS;
    private static final int AFTER_F0 = 7 * STATE_BITS;
    private static final int AFTER_F4 = 8 * STATE_BITS;
    private static final long[] STEPS = steps();

    Utf8() {
        super("UTF-8");
    }

    /** Returns whether every byte belongs to a whole sequence. */
    static boolean isValid(byte[] text) {
        long state = BETWEEN;
        int at = 0;
        for (; at <= text.length - Long.BYTES; at += Long.BYTES) {
            long eight = (long) LONGS.get(text, at);
            if ((eight & HIGH_BITS) != 0 || (state & STATE) != BETWEEN) {
                for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
                    state = STEPS[(int) (eight >>> shift) & 0xFF] >>> state;
                }
                if ((state & STATE) == BROKEN) {
                    return false;
                }
            }
        }
        for (; at < text.length; at++) {
            state = STEPS[text[at] & 0xFF] >>> state;
        }
        return (state & STATE) == BETWEEN;
    }

    private static long[] steps() {
        long[] steps = new long[256];
        for (int octet = 0; octet < steps.length; octet++) {
            for (int state = 0; state <= AFTER_F4; state += STATE_BITS) {
                steps[octet] |= (long) step(state, octet) << state;
            }
        }
        return steps;
    }

    /** Returns the state behind a byte (Unicode standard, table 3-7). */
    private static int step(int state, int octet) {
        boolean continues = octet >= 0x80 && octet <= 0xBF;
        return switch (state) {
            case BETWEEN -> first(octet);
            case ONE_MORE -> continues ? BETWEEN : BROKEN;
            case TWO_MORE -> continues ? ONE_MORE : BROKEN;
            case THREE_MORE -> continues ? TWO_MORE : BROKEN;
            case AFTER_E0 -> continues && octet >= 0xA0 ? ONE_MORE : BROKEN;
            case AFTER_ED -> continues && octet < 0xA0 ? ONE_MORE : BROKEN;
            case AFTER_F0 -> continues && octet >= 0x90 ? TWO_MORE : BROKEN;
            case AFTER_F4 -> continues && octet < 0x90 ? TWO_MORE : BROKEN;
            default -> BROKEN;
        };
    }

    private static int first(int octet) {
        return switch (octet) {
            case 0xE0 -> AFTER_E0;
            case 0xED -> AFTER_ED;
            case 0xF0 -> AFTER_F0;
            case 0xF4 -> AFTER_F4;
            default -> {
                if (octet < 0x80) {
                    yield BETWEEN;
                }
                if (octet < 0xC2 || octet > 0xF4) {
                    yield BROKEN;
                }
                yield octet < 0xE0 ? ONE_MORE : octet < 0xF0 ? TWO_MORE : THREE_MORE;
            }
        };
    }

    /** Decodes a part of a text. Writes a byte that belongs to no sequence as its percent escape, as in a URL. */
    static String escaped(byte[] text, int from, int to) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(text, from, to - from);
        CharBuffer out = CharBuffer.allocate(ESCAPE * (to - from));
        for (CoderResult result = decoder.decode(in, out, true); result.isMalformed(); result =
                decoder.decode(in, out, true)) {
            for (int i = 0; i < result.length(); i++) {
                out.append('%').append(HEX.toHexDigits(in.get()));
            }
        }
        return out.flip().toString();
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
