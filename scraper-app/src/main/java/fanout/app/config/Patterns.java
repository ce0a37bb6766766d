package fanout.app.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/** Compiles RE2 patterns; what is refused is an {@link IllegalArgumentException}. */
final class Patterns {

    private Patterns() {}

    static Pattern compile(String text) {
        if (RepeatCount.of(text) > RepeatCount.MOST) {
            throw new IllegalArgumentException(
                    "not an RE2 pattern: \"" + text + "\" (counted repetitions come to "
                            + "more than " + RepeatCount.MOST + ")");
        }
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("not an RE2 pattern: \"" + text + "\" (" + e.getDescription() + ")"
                    + cure(text), e);
        }
    }

    private static String cure(String text) {
        return text.startsWith("*") ? "; * repeats what stands before it, write .* for any text" : "";
    }
}
