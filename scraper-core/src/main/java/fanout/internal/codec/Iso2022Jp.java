package fanout.internal.codec;

import java.nio.charset.CharsetDecoder;

/**
 * ISO-2022-JP (Encoding Standard, section 12.2): escape sequences choose the set that the bytes after them belong to.
 */
final class Iso2022Jp extends LegacyCharset {

    private static final int CHOOSE_ASCII = 0x1B2842;
    private static final int CHOOSE_ROMAN = 0x1B284A;
    private static final int CHOOSE_JIS_0208 = 0x1B2442;

    /**
     * Half-width katakana are written full-width: of U+FF61 and those after it, U+309B and U+309C for the voiced marks.
     */
    private static final String FULL_WIDTH =
            "\u3002\u300C\u300D\u3001\u30FB\u30F2\u30A1\u30A3\u30A5\u30A7\u30A9\u30E3\u30E5"
                    + "\u30E7\u30C3\u30FC\u30A2\u30A4\u30A6\u30A8\u30AA\u30AB\u30AD\u30AF\u30B1\u30B3\u30B5\u30B7"
                    + "\u30B9\u30BB\u30BD"
                    + "\u30BF\u30C1\u30C4\u30C6\u30C8\u30CA\u30CB\u30CC\u30CD\u30CE\u30CF\u30D2\u30D5\u30D8\u30DB"
                    + "\u30DE\u30DF\u30E0"
                    + "\u30E1\u30E2\u30E4\u30E6\u30E8\u30E9\u30EA\u30EB\u30EC\u30ED\u30EF\u30F3\u309B\u309C";

    private enum Set { ASCII, ROMAN, JIS_0208 }

    private final Index index = JapaneseIndexes.jis0208();
    private final Pointers pointers = JapaneseIndexes.jis0208Pointers();

    Iso2022Jp() {
        super("ISO-2022-JP");
    }

    @Override
    void write(String text, Output out) {
        Set set = Set.ASCII;
        for (int c : text.codePoints().map(LegacyCharset::scalar).toArray()) {
            Set next = setOf(c, set);
            if (next != set) {
                out.bytes(escape(next));
                set = next;
            }
            long bytes = bytes(c);
            if (bytes == NONE) {
                out.reference(isShift(c) ? 0xFFFD : c);
            } else {
                out.bytes(bytes);
            }
        }
        if (set != Set.ASCII) {
            out.bytes(CHOOSE_ASCII);
        }
    }

    /** The set that a character is written in, from the one that is chosen. */
    private Set setOf(int codePoint, Set chosen) {
        if (codePoint == 0xA5 || codePoint == 0x203E) {
            return Set.ROMAN;
        }
        if (codePoint >= 0x80 && bytes(codePoint) != NONE) {
            return Set.JIS_0208;
        }
        boolean staysRoman = chosen == Set.ROMAN && codePoint != '\\' && codePoint != '~';
        return staysRoman ? Set.ROMAN : Set.ASCII;
    }

    private static int escape(Set set) {
        return switch (set) {
            case ASCII -> CHOOSE_ASCII;
            case ROMAN -> CHOOSE_ROMAN;
            case JIS_0208 -> CHOOSE_JIS_0208;
        };
    }

    /** What would change the set if it stood in a text. */
    private static boolean isShift(int value) {
        return value == 0x0E || value == 0x0F || value == Iso2022JpDecoder.ESCAPE;
    }

    @Override
    long bytes(int codePoint) {
        return switch (codePoint) {
            case 0xA5 -> '\\';
            case 0x203E -> '~';
            case 0x2212 -> jis0208(0xFF0D);
            default -> {
                if (codePoint < 0x80) {
                    yield isShift(codePoint) ? NONE : codePoint;
                }
                boolean isHalfWidth = codePoint >= 0xFF61 && codePoint <= 0xFF9F;
                yield jis0208(isHalfWidth ? FULL_WIDTH.charAt(codePoint - 0xFF61) : codePoint);
            }
        };
    }

    private long jis0208(int codePoint) {
        int pointer = pointers.first(codePoint);
        return pointer < 0 ? NONE : pair(0x21 + pointer / 94, 0x21 + pointer % 94);
    }

    @Override
    public CharsetDecoder newDecoder() {
        return new Iso2022JpDecoder(this, index);
    }
}
