package fanout.url;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Optional;

/**
 * A regular expression in RE2's syntax: no backreferences and no lookaround, and a search takes a time that grows with
 * the text times the pattern, never exponentially. Flags are written in the text, as in {@code (?i)shop}.
 *
 * <p>Immutable; patterns of the same text are equal. See <a href="https://github.com/google/re2/wiki/Syntax">the
 * syntax</a>.
 */
public final class TextPattern {

    private final Pattern compiled;

    private TextPattern(Pattern compiled) {
        this.compiled = compiled;
    }

    /**
     * Compiles a pattern.
     *
     * @throws IllegalArgumentException if it is not one; the message quotes it and says why
     */
    public static TextPattern of(String text) {
        try {
            return new TextPattern(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "not an RE2 pattern: \"" + text + "\" (" + e.getDescription() + ")", e);
        }
    }

    /** Returns whether the pattern is found anywhere in a text. */
    public boolean isFoundIn(CharSequence text) {
        return compiled.matcher(text).find();
    }

    /**
     * Returns what the pattern keeps of a text: its first group if it has one, else all that it found. Empty if it
     * found nothing, or that group took no part.
     */
    public Optional<String> keptOf(CharSequence text) {
        Matcher matcher = compiled.matcher(text);
        return matcher.find()
                ? Optional.ofNullable(matcher.group(matcher.groupCount() > 0 ? 1 : 0))
                : Optional.empty();
    }

    /** Returns how many instructions a search may take for one character. */
    public int size() {
        return compiled.programSize();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TextPattern pattern && compiled.equals(pattern.compiled);
    }

    @Override
    public int hashCode() {
        return compiled.hashCode();
    }

    /** Returns the pattern as it is written. */
    @Override
    public String toString() {
        return compiled.pattern();
    }
}
