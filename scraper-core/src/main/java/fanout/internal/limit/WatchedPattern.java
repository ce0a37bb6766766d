package fanout.internal.limit;

import fanout.url.TextPattern;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Looks for patterns in texts, and counts the time that it takes. RE2 takes a time that grows with the text times the
 * pattern, which is minutes for a large page and a pattern of some thousand repetitions. It reads a character at a
 * time, so the text that it gets counts them.
 */
public final class WatchedPattern {

    /** RE2's instructions that take as long as a step. */
    private static final int INSTRUCTIONS_A_STEP = 4;

    /** A text that takes less is not worth watching from inside. */
    private static final int SMALL = 1 << 16;

    private WatchedPattern() {}

    /**
     * Returns whether a pattern is found in a text.
     *
     * @param spent gets numbers of steps, each of some nanoseconds, while the pattern is looked for; what it throws
     *     ends that, as {@link ParseTime#spend} does
     */
    public static boolean isFoundIn(String text, TextPattern pattern, IntConsumer spent) {
        return pattern.isFoundIn(watched(text, pattern, spent));
    }

    /** Returns {@link TextPattern#keptOf}, and counts as {@link #isFoundIn} does. */
    public static Optional<String> keptOf(String text, TextPattern pattern, IntConsumer spent) {
        return pattern.keptOf(watched(text, pattern, spent));
    }

    private static CharSequence watched(String text, TextPattern pattern, IntConsumer spent) {
        int steps = 1 + pattern.size() / INSTRUCTIONS_A_STEP;
        long all = (long) steps * text.length();
        if (all <= SMALL) {
            spent.accept((int) all);
            return text;
        }
        return new Watched(text, steps, spent);
    }

    private record Watched(String text, int steps, IntConsumer spent) implements CharSequence {

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            spent.accept(steps);
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int stop) {
            return text.substring(start, stop);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
