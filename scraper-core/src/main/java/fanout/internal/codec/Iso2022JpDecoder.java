package fanout.internal.codec;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import org.jspecify.annotations.Nullable;

/**
 * The Encoding Standard's decoder of ISO-2022-JP (section 12.2.1). Confined to one thread.
 *
 * <p>If there is no room for a replacement character, {@link #decode} asks once more at the same position: so what an
 * error changes here must not change the answer.
 */
final class Iso2022JpDecoder extends CharsetDecoder {

    static final int ESCAPE = 0x1B;

    private static final String REPLACEMENT = "\uFFFD";

    private enum Set { ASCII, ROMAN, KATAKANA, JIS_0208 }

    private final Index index;
    private Set set = Set.ASCII;

    /** Whether the last thing read is an escape sequence: two in a row are an error. */
    private boolean escaped;

    Iso2022JpDecoder(Charset charset, Index index) {
        super(charset, 0.5f, 2);
        this.index = index;
    }

    @Override
    protected void implReset() {
        set = Set.ASCII;
        escaped = false;
    }

    @Override
    protected CoderResult decodeLoop(ByteBuffer in, CharBuffer out) {
        replaceWith(REPLACEMENT);
        while (in.hasRemaining()) {
            if (!out.hasRemaining()) {
                return CoderResult.OVERFLOW;
            }
            int at = in.position();
            int next = MultiByteCharset.byteAt(in, at);
            long sequence = next == ESCAPE ? escape(in, at) : character(next, MultiByteCharset.byteAt(in, at + 1));
            if (sequence == Sequence.INCOMPLETE) {
                return CoderResult.UNDERFLOW;
            }
            escaped &= next == ESCAPE;
            if (sequence < 0) {
                return CoderResult.malformedForLength((int) -sequence);
            }
            if (next != ESCAPE) {
                out.put((char) Sequence.units(sequence));
            }
            in.position(at + Sequence.length(sequence));
        }
        return CoderResult.UNDERFLOW;
    }

    private long escape(ByteBuffer in, int at) {
        int second = MultiByteCharset.byteAt(in, at + 1);
        int third = MultiByteCharset.byteAt(in, at + 2);
        if (second < 0) {
            return Sequence.INCOMPLETE;
        }
        if (third < 0 && (second == '(' || second == '$')) {
            // If nothing follows, the second byte is a character.
            replaceWith(REPLACEMENT + alone(second));
            return Sequence.INCOMPLETE;
        }
        Set chosen = chosen((second << Byte.SIZE) | third);
        if (chosen == null) {
            escaped = false;
            return Sequence.error(1);
        }
        set = chosen;
        if (escaped) {
            return Sequence.error(3);
        }
        escaped = true;
        return Sequence.of(0, 3);
    }

    /** The set that the bytes after the escape choose: {@code (B (J (I $@ $B}. */
    private static @Nullable Set chosen(int bytes) {
        return switch (bytes) {
            case 0x2842 -> Set.ASCII;
            case 0x284A -> Set.ROMAN;
            case 0x2849 -> Set.KATAKANA;
            case 0x2440, 0x2442 -> Set.JIS_0208;
            default -> null;
        };
    }

    private char alone(int last) {
        long sequence = character(last, -1);
        return sequence > 0 ? (char) Sequence.units(sequence) : '\uFFFD';
    }

    private long character(int next, int trail) {
        return switch (set) {
            case ASCII -> ascii(next, next);
            case ROMAN -> ascii(next, next == '\\' ? 0xA5 : next == '~' ? 0x203E : next);
            case KATAKANA ->
                    next >= 0x21 && next <= 0x5F ? Sequence.of(0xFF61 - 0x21 + next, 1) : Sequence.error(1);
            case JIS_0208 -> isGraphic(next) ? jis0208(next, trail) : Sequence.error(1);
        };
    }

    private static long ascii(int next, int character) {
        return next > 0x7F || next == 0x0E || next == 0x0F ? Sequence.error(1) : Sequence.of(character, 1);
    }

    private long jis0208(int lead, int trail) {
        if (trail < 0) {
            return Sequence.INCOMPLETE;
        }
        if (trail == ESCAPE) {
            return Sequence.error(1);
        }
        int units = isGraphic(trail) ? index.units((lead - 0x21) * 94 + trail - 0x21) : 0;
        return units == 0 ? Sequence.error(2) : Sequence.of(units, 2);
    }

    private static boolean isGraphic(int value) {
        return value >= 0x21 && value <= 0x7E;
    }
}
