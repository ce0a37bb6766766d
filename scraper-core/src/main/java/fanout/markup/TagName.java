package fanout.markup;

/**
 * The name of a tag in one long, because each tag of each page is looked at. Up to ten letters, digits and hyphens are packed,
 * six bits each, whatever their case; these are positive and no two are the same. All other names are hashed, and negative.
 */
final class TagName {

    private static final int BITS = 6;
    private static final long FULL = 1L << 54;
    private static final long HASH = 0x9E37_79B9_7F4A_7C15L;
    private static final byte[] CODES = new byte[128];

    static {
        String letters = "abcdefghijklmnopqrstuvwxyz0123456789-";
        for (int i = 0; i < letters.length(); i++) {
            CODES[letters.charAt(i)] = (byte) (i + 1);
            CODES[Character.toUpperCase(letters.charAt(i))] = (byte) (i + 1);
        }
    }

    private TagName() {}

    static long of(String name) {
        long packed = 0;
        for (int i = 0; i < name.length(); i++) {
            packed = append(packed, (byte) name.charAt(i));
        }
        return packed;
    }

    /** The name with one more byte. */
    static long append(long name, byte c) {
        int code = c >= 0 ? CODES[c] : 0;
        if (name >= 0 && name < FULL && code > 0) {
            return name << BITS | code;
        }
        int lower = c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
        return (Long.rotateLeft(name, 5) ^ lower) * HASH | Long.MIN_VALUE;
    }
}
