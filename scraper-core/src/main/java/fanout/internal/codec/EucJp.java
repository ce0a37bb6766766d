package fanout.internal.codec;

import java.nio.ByteBuffer;

/** EUC-JP (Encoding Standard, section 12.1). */
final class EucJp extends MultiByteCharset {

    private static final int HALF_WIDTH = 0x8E;
    private static final int JIS_0212 = 0x8F;

    private final Index index = JapaneseIndexes.jis0208();
    private final Index supplement = JapaneseIndexes.jis0212();
    private final Pointers pointers = JapaneseIndexes.jis0208Pointers();

    EucJp() {
        super("EUC-JP");
    }

    @Override
    long read(int lead, ByteBuffer in, int at) {
        if (lead != HALF_WIDTH && lead != JIS_0212 && !isBetween(lead, 0xA1, 0xFE)) {
            return Sequence.error(1);
        }
        int trail = byteAt(in, at + 1);
        if (trail < 0) {
            return Sequence.INCOMPLETE;
        }
        if (lead == HALF_WIDTH) {
            return Sequence.ofOrError(isBetween(trail, 0xA1, 0xDF) ? 0xFF61 - 0xA1 + trail : 0, 2, trail);
        }
        if (lead != JIS_0212 || !isBetween(trail, 0xA1, 0xFE)) {
            return Sequence.ofOrError(lead == JIS_0212 ? 0 : units(index, lead, trail), 2, trail);
        }
        int last = byteAt(in, at + 2);
        return last < 0 ? Sequence.INCOMPLETE : Sequence.ofOrError(units(supplement, trail, last), 3, last);
    }

    private static int units(Index index, int lead, int trail) {
        return isBetween(trail, 0xA1, 0xFE) ? index.units((lead - 0xA1) * 94 + trail - 0xA1) : 0;
    }

    @Override
    long bytes(int codePoint) {
        if (codePoint == 0xA5) {
            return '\\';
        }
        if (codePoint == 0x203E) {
            return '~';
        }
        if (isBetween(codePoint, 0xFF61, 0xFF9F)) {
            return pair(HALF_WIDTH, codePoint - 0xFF61 + 0xA1);
        }
        int pointer = pointers.first(codePoint == 0x2212 ? 0xFF0D : codePoint);
        return pointer < 0 ? NONE : pair(0xA1 + pointer / 94, 0xA1 + pointer % 94);
    }
}
