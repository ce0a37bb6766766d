package fanout.app.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;

/** Compiles RE2 patterns; what is refused is an {@link IllegalArgumentException}. */
final class Patterns {

    /** What a pattern stands behind. */
    private static final java.util.regex.Pattern REGEX_IN_CSS =
            java.util.regex.Pattern.compile("~=|:matches\\w*\\(");

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
            String reason = Foreign.in(text).map(Foreign::words).orElseGet(() -> "(" + e.getDescription() + ")");
            throw new IllegalArgumentException("not an RE2 pattern: \"" + text + "\" " + reason
                    + (text.startsWith("*") ? "; * repeats what stands before it, write .* for any text" : ""), e);
        }
    }

    /**
     * Checks the patterns in a CSS selector, before jsoup compiles them.
     *
     * @throws IllegalArgumentException if counted repetitions come to too many
     */
    static void checkRepeatsIn(String css) {
        for (Matcher begin = REGEX_IN_CSS.matcher(css); begin.find();) {
            if (RepeatCount.of(css.substring(begin.end())) > RepeatCount.MOST) {
                throw new IllegalArgumentException("not a CSS selector: " + css + " (counted repetitions come to more "
                        + "than " + RepeatCount.MOST + ")");
            }
        }
    }

    /** What other dialects have; the first that a refused pattern contains is probably why. */
    private enum Foreign {

        LOOK_BEHIND("\\(\\?<[=!]",
                "(RE2 has no look-behind); a regex keeps its group 1, so match what stands before as "
                        + "well, as in EUR ([0-9.]+)"),
        LOOK_AHEAD("\\(\\?=",
                "(RE2 has no look-ahead); a regex keeps its group 1, so match what follows as well, as in "
                        + "([0-9.]+) EUR"),
        NEGATIVE_LOOK_AHEAD("\\(\\?!",
                "(RE2 has no look-ahead); say what may follow, as in [^/], and leave URLs out by "
                        + "scope.exclude"),
        BACK_REFERENCE("\\\\[1-9]|\\\\k<", "(RE2 has no back references)"),
        ATOMIC("\\(\\?>|[*+?}]\\+", "(RE2 has no atomic groups and possessive quantifiers, and needs none, because it "
                + "never backtracks); write (?:…) and a single quantifier"),
        END("\\\\Z", "(RE2 has no \\Z); write \\z or $"),
        SPACE("\\\\[hR]", "(RE2 has no \\h and \\R); write [ \\t] and \\r?\\n"),
        PROPERTY("\\\\[pP]\\{",
                "(RE2 knows general categories and scripts only); write \\p{L} for letters, \\p{N} for digits");

        private final java.util.regex.Pattern sign;
        private final String words;

        Foreign(String sign, String words) {
            this.sign = java.util.regex.Pattern.compile(sign);
            this.words = words;
        }

        private String words() {
            return words;
        }

        private static Optional<Foreign> in(String text) {
            return Arrays.stream(values()).filter(foreign -> foreign.sign.matcher(text).find()).findFirst();
        }
    }
}
