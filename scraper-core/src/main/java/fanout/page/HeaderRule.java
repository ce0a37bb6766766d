package fanout.page;

import fanout.internal.annotation.Internal;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks the headers that a job, or a request in it, adds. */
@Internal
public final class HeaderRule {

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VISIBLE = Pattern.compile("[\\x20-\\x7E\\t]*");
    private static final Set<String> OURS = Set.of("host", "content-length", "transfer-encoding", "connection",
            "accept-encoding");

    private HeaderRule() {}

    /** Returns which character of a value no header may have; empty if it may have all. */
    public static Optional<String> wrongCharacter(String value) {
        Matcher visible = VISIBLE.matcher(value);
        int wrong = visible.lookingAt() ? visible.end() : 0;
        return wrong == value.length() ? Optional.empty()
                : Optional.of("character %d is U+%04X"
                        .formatted(value.codePointCount(0, wrong) + 1, value.codePointAt(wrong)));
    }

    /** Returns whether a header may have this name. */
    public static boolean isName(String name) {
        return TOKEN.matcher(name).matches();
    }

    /**
     * Checks one header. Its value may be a secret: the message has the character that is wrong, and no other.
     *
     * @param key with which the message begins
     * @throws IllegalArgumentException if it cannot be sent, or is the HTTP client's
     */
    public static void check(String name, String value, String key) {
        if (!isName(name)) {
            throw new IllegalArgumentException(key + " must be an HTTP header name, not \"" + name + "\"");
        }
        wrongCharacter(value).ifPresent(wrong -> {
            throw new IllegalArgumentException(key + " must be printable ASCII; " + wrong);
        });
        if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(key + " is set by the HTTP client and cannot be set here");
        }
    }
}
