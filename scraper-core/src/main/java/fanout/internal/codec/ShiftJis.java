package fanout.internal.codec;

import java.nio.ByteBuffer;

/** Shift_JIS as the Encoding Standard has it (section 12.3), with the characters of Windows. */
final class ShiftJis extends MultiByteCharset {

    /** The pointers that become characters of private use. */
    private static final int FIRST_PRIVATE = 8836;
    private static final int LAST_PRIVATE = 10_715;

    private final Index index = JapaneseIndexes.jis0208();

    /** IBM's characters once more: they are written by their other pointers. */
    private final Pointers pointers = new Pointers(index, pointer -> !isBetween(pointer, 8272, 8835));

    ShiftJis() {
        super("Shift_JIS");
    }

    @Override
    long read(int lead, ByteBuffer in, int at) {
        if (lead == 0x80) {
            return Sequence.of(lead, 1);
        }
        if (isBetween(lead, 0xA1, 0xDF)) {
            return Sequence.of(0xFF61 - 0xA1 + lead, 1);
        }
        if (lead == 0xA0 || lead > 0xFC) {
            return Sequence.error(1);
        }
        int trail = byteAt(in, at + 1);
        return trail < 0 ? Sequence.INCOMPLETE : Sequence.ofOrError(units(lead, trail), 2, trail);
    }

    private int units(int lead, int trail) {
        if (!isBetween(trail, 0x40, 0x7E) && !isBetween(trail, 0x80, 0xFC)) {
            return 0;
        }
        int pointer = (lead - (lead < 0xA0 ? 0x81 : 0xC1)) * 188 + trail - (trail < 0x7F ? 0x40 : 0x41);
        return isBetween(pointer, FIRST_PRIVATE, LAST_PRIVATE)
                ? 0xE000 + pointer - FIRST_PRIVATE
                : index.units(pointer);
    }

    @Override
    long bytes(int codePoint) {
        if (codePoint == 0x80) {
            return codePoint;
        }
        if (codePoint == 0xA5) {
            return '\\';
        }
        if (codePoint == 0x203E) {
            return '~';
        }
        if (isBetween(codePoint, 0xFF61, 0xFF9F)) {
            return 0xA1L + codePoint - 0xFF61;
        }
        int pointer = pointers.first(codePoint == 0x2212 ? 0xFF0D : codePoint);
        return pointer < 0 ? NONE : JapaneseIndexes.shiftJis(pointer);
    }
}
