package fanout.internal.limit;

/**
 * Looks for a text in another, in a time that grows with the sum of their lengths, whatever they are, and not past the
 * parse's end. {@link String#indexOf} takes hours where a page repeats one letter and the job looks for thousands of
 * it.
 */
public final class WatchedSearch {

    /** What {@link String#indexOf} does in some milliseconds at worst. */
    private static final long SMALL = 1 << 20;

    private static final int CHARACTERS_A_STEP = 64;

    private WatchedSearch() {}

    /**
     * Returns where a part first is in a text; -1 if it is not.
     *
     * @throws java.io.UncheckedIOException of a {@link ParseStopped}, if the parse is to end
     */
    public static int indexOf(String text, String part, ParseTime time) {
        time.spend(1 + (text.length() + part.length()) / CHARACTERS_A_STEP);
        if (part.length() <= 1 || (long) text.length() * part.length() <= SMALL) {
            return text.indexOf(part);
        }
        return part.length() > text.length() ? -1 : byPrefixes(text, part, time);
    }

    /** Knuth, Morris and Pratt's: no character of the text is looked at again. */
    private static int byPrefixes(String text, String part, ParseTime time) {
        int[] borders = borders(part, time);
        int matched = 0;
        for (int i = 0; i < text.length(); i++) {
            if (i % CHARACTERS_A_STEP == 0) {
                time.spend(1);
            }
            char c = text.charAt(i);
            while (matched > 0 && part.charAt(matched) != c) {
                matched = borders[matched - 1];
            }
            if (part.charAt(matched) == c && ++matched == part.length()) {
                return i + 1 - matched;
            }
        }
        return -1;
    }

    /** For each beginning of the part, the length of its longest end that the part begins with, too. */
    private static int[] borders(String part, ParseTime time) {
        int[] borders = new int[part.length()];
        int border = 0;
        for (int i = 1; i < part.length(); i++) {
            if (i % CHARACTERS_A_STEP == 0) {
                time.spend(1);
            }
            while (border > 0 && part.charAt(border) != part.charAt(i)) {
                border = borders[border - 1];
            }
            border += part.charAt(border) == part.charAt(i) ? 1 : 0;
            borders[i] = border;
        }
        return borders;
    }
}
