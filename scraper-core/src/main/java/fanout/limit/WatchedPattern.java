package fanout.limit;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;

/**
 * Looks for patterns in texts, and not past the parse's end. RE2 takes a time that grows with the text times the pattern, which is
 * minutes for a large page and a pattern of some thousand repetitions. It reads a character at a time, so the text that it gets looks
 * at the clock.
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
     * @throws java.io.UncheckedIOException of a {@link ParseStopped}, if the parse is to end
     */
    public static boolean isFoundIn(String text, Pattern pattern, ParseTime time) {
        return matcher(text, pattern, time).find();
    }

    /** Returns a matcher, all methods of which fail as {@link #isFoundIn} does. */
    public static Matcher matcher(String text, Pattern pattern, ParseTime time) {
        int steps = 1 + pattern.programSize() / INSTRUCTIONS_A_STEP;
        long all = (long) steps * text.length();
        if (all <= SMALL) {
            time.spend((int) all);
            return pattern.matcher(text);
        }
        return pattern.matcher(new Watched(text, steps, time));
    }

    private record Watched(String text, int steps, ParseTime time) implements CharSequence {

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            time.spend(steps);
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
