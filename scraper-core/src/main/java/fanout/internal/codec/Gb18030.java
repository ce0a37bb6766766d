package fanout.internal.codec;

import java.nio.ByteBuffer;

/**
 * gb18030, and GBK, which is read alike and written without sequences of four bytes (Encoding Standard, sections 11.1
 * and 11.2).
 */
final class Gb18030 extends MultiByteCharset {

    private static final int TRAILS = 190;

    /** Sequences of four bytes in the Basic Multilingual Plane, and the first of the others. */
    private static final int PLANE_0 = 39_420;
    private static final int PLANE_1 = 189_000;

    /** Where the Encoding Standard's index (CC0) differs from what the JDK has, be it the edition of 2000 or 2022. */
    private static final String PAIRS = """
            6555=3000 7182=fe10,fe12,fe11,fe13,fe14,fe15,fe16 7201=fe17,fe18 7208=fe19 7533=1e3f 23775=9fb4
            23783=9fb5 23788=9fb6,9fb7 23795=9fb8 23812=9fb9 23829=9fba 23845=9fbb""";
    private static final String QUADS = """
            7457=e7c7 19057=9fb4,9fb5,9fb6,9fb7,9fb8,9fb9,9fba,9fbb
            39076=fe10,fe11,fe12,fe13,fe14,fe15,fe16,fe17,fe18,fe19 39417=fffd""";

    /** How the edition of 2000 wrote these characters of private use, as is still done. */
    private static final String ONCE_PRIVATE = """
            7182=e78d,e78e,e78f,e790,e791,e792,e793 7201=e794,e795 7208=e796 23775=e81e 23783=e826
            23788=e82b,e82c 23795=e832 23812=e843 23829=e854 23845=e864""";

    /** Shared by the two. */
    private static final Index PAIR_INDEX =
            Index.of(126 * TRAILS, "GB18030", Gb18030::pairOf).patched(PAIRS);
    private static final Index QUAD_INDEX = Index.of(PLANE_0, "GB18030", Gb18030::quadOf).patched(QUADS);
    private static final Pointers PAIR_POINTERS = new Pointers(PAIR_INDEX, _ -> true);
    private static final Pointers QUAD_POINTERS = new Pointers(QUAD_INDEX, _ -> true);
    private static final Pointers PRIVATE_POINTERS =
            new Pointers(Index.of(PAIR_INDEX.size(), _ -> 0).patched(ONCE_PRIVATE), _ -> true);

    private final boolean writesQuads;

    private Gb18030(String name, boolean writesQuads) {
        super(name);
        this.writesQuads = writesQuads;
    }

    static Gb18030 gbk() {
        return new Gb18030("GBK", false);
    }

    static Gb18030 gb18030() {
        return new Gb18030("gb18030", true);
    }

    @Override
    long read(int lead, ByteBuffer in, int at) {
        if (lead == 0x80) {
            return Sequence.of('\u20AC', 1);
        }
        if (lead == 0xFF) {
            return Sequence.error(1);
        }
        int second = byteAt(in, at + 1);
        if (second < 0) {
            return Sequence.INCOMPLETE;
        }
        return isDigit(second) ? quad(lead, second, in, at) : Sequence.ofOrError(pairUnits(lead, second), 2, second);
    }

    private int pairUnits(int lead, int trail) {
        return isBetween(trail, 0x40, 0x7E) || isBetween(trail, 0x80, 0xFE)
                ? PAIR_INDEX.units((lead - 0x81) * TRAILS + trail - (trail < 0x7F ? 0x40 : 0x41))
                : 0;
    }

    /** An error spares all but the first byte. */
    private long quad(int lead, int second, ByteBuffer in, int at) {
        int third = byteAt(in, at + 2);
        if (third < 0) {
            return Sequence.INCOMPLETE;
        }
        if (!isBetween(third, 0x81, 0xFE)) {
            return Sequence.error(1);
        }
        int fourth = byteAt(in, at + 3);
        if (fourth < 0) {
            return Sequence.INCOMPLETE;
        }
        if (!isDigit(fourth)) {
            return Sequence.error(1);
        }
        int units = quadUnits((((lead - 0x81) * 10 + second - '0') * 126 + third - 0x81) * 10 + fourth - '0');
        return units == 0 ? Sequence.error(4) : Sequence.of(units, 4);
    }

    private int quadUnits(int pointer) {
        int codePoint = pointer - PLANE_1 + Character.MIN_SUPPLEMENTARY_CODE_POINT;
        return isBetween(codePoint, Character.MIN_SUPPLEMENTARY_CODE_POINT, Character.MAX_CODE_POINT)
                ? (Character.highSurrogate(codePoint) << Character.SIZE) | Character.lowSurrogate(codePoint)
                : QUAD_INDEX.units(pointer);
    }

    private static boolean isDigit(int value) {
        return isBetween(value, '0', '9');
    }

    private static long pairOf(int pointer) {
        int trail = pointer % TRAILS;
        return pair(0x81 + pointer / TRAILS, trail + (trail < 0x3F ? 0x40 : 0x41));
    }

    private static long quadOf(int pointer) {
        return (pair(0x81 + pointer / 12_600, '0' + pointer / 1260 % 10) << Short.SIZE)
                | pair(0x81 + pointer / 10 % 126, '0' + pointer % 10);
    }

    @Override
    long bytes(int codePoint) {
        if (codePoint == 0xE5E5) {
            return NONE;
        }
        if (codePoint == 0x20AC && !writesQuads) {
            return 0x80;
        }
        int pair = Math.max(PRIVATE_POINTERS.first(codePoint), PAIR_POINTERS.first(codePoint));
        if (pair >= 0) {
            return pairOf(pair);
        }
        return writesQuads ? quadOf(quadPointer(codePoint)) : NONE;
    }

    private int quadPointer(int codePoint) {
        return Character.isSupplementaryCodePoint(codePoint)
                ? PLANE_1 + codePoint - Character.MIN_SUPPLEMENTARY_CODE_POINT
                : QUAD_POINTERS.first(codePoint);
    }
}
