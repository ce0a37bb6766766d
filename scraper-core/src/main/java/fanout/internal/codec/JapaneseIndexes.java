package fanout.internal.codec;

/** The indexes that the Japanese encodings share, made when the first of them is needed. */
final class JapaneseIndexes {

    private static final class Jis0208 {
        /** Windows-31J has just this index, by the pointers of Shift_JIS, and characters of private use as well. */
        private static final Index INDEX =
                Index.of(11_280, "windows-31j", JapaneseIndexes::shiftJis).withoutPrivateUse();
        private static final Pointers POINTERS = new Pointers(INDEX, _ -> true);
    }

    private static final class Jis0212 {
        private static final Index INDEX = Index.of(94 * 94, "JIS_X0212-1990",
                pointer -> LegacyCharset.pair(0x21 + pointer / 94, 0x21 + pointer % 94));
    }

    private JapaneseIndexes() {}

    static Index jis0208() {
        return Jis0208.INDEX;
    }

    /** The pointers of {@link #jis0208}, the first of each character counts. */
    static Pointers jis0208Pointers() {
        return Jis0208.POINTERS;
    }

    static Index jis0212() {
        return Jis0212.INDEX;
    }

    /** The bytes of a pointer in Shift_JIS. */
    static long shiftJis(int pointer) {
        int lead = pointer / 188;
        int trail = pointer % 188;
        return LegacyCharset.pair(lead + (lead < 0x1F ? 0x81 : 0xC1), trail + (trail < 0x3F ? 0x40 : 0x41));
    }
}
