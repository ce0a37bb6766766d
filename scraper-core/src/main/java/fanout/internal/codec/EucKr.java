package fanout.internal.codec;

import java.nio.ByteBuffer;

/** EUC-KR as the Encoding Standard has it (section 13.1), with all syllables of Windows. */
final class EucKr extends MultiByteCharset {

    private static final int TRAILS = 190;

    private final Index index = Index.of(126 * TRAILS, "x-windows-949", EucKr::bytesOf).withoutPrivateUse();
    private final Pointers pointers = new Pointers(index, _ -> true);

    EucKr() {
        super("EUC-KR");
    }

    @Override
    long read(int lead, ByteBuffer in, int at) {
        if (!isBetween(lead, 0x81, 0xFE)) {
            return Sequence.error(1);
        }
        int trail = byteAt(in, at + 1);
        if (trail < 0) {
            return Sequence.INCOMPLETE;
        }
        int units = isBetween(trail, 0x41, 0xFE) ? index.units((lead - 0x81) * TRAILS + trail - 0x41) : 0;
        return Sequence.ofOrError(units, 2, trail);
    }

    private static long bytesOf(int pointer) {
        return pair(0x81 + pointer / TRAILS, 0x41 + pointer % TRAILS);
    }

    @Override
    long bytes(int codePoint) {
        int pointer = pointers.first(codePoint);
        return pointer < 0 ? NONE : bytesOf(pointer);
    }
}
