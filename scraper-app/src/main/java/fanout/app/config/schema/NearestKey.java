package fanout.app.config.schema;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the known key, or word, that a misspelt one is nearest to, by edit distance. */
public final class NearestKey {

    private static final int MOST = 3;

    private NearestKey() {}

    /** The nearest known key, if no more than a third of its letters are wrong. */
    static Optional<String> to(String misspelt, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt((String key) -> distance(misspelt, key))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(key -> distance(misspelt, key) <= Math.max(1, key.length() / 3));
    }

    /** The known ones that are as near as the nearest, at most {@value #MOST}. */
    public static List<String> all(String misspelt, Collection<String> known) {
        Optional<String> nearest = to(misspelt, known);
        return nearest.stream()
                .flatMap(_ -> known.stream().sorted())
                .filter(key -> distance(misspelt, key) == distance(misspelt, nearest.orElseThrow()))
                .limit(MOST)
                .toList();
    }

    /** Damerau's distance: two letters that changed places are one mistake. Case, - and _ do not count. */
    private static int distance(String one, String other) {
        String a = plain(start(one));
        String b = plain(start(other));
        int[] before = {}; // empty before the second letter
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    current[j] = Math.min(current[j], before[j - 2] + 1);
                }
            }
            before = previous;
            previous = current;
        }
        return previous[b.length()];
    }

    /** Returns all of a key that counts, because no known one is longer. */
    private static String start(String key) {
        return key.substring(0, Math.min(key.length(), 64));
    }

    /** Returns a key without what differs between spellings. */
    static String plain(String key) {
        return key.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }
}
