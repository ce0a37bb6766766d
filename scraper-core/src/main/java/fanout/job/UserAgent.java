package fanout.job;

import java.util.Optional;

/** The name under which the crawler asks. */
public final class UserAgent {

    /** The product token that robots.txt groups are matched against by default. */
    public static final String PRODUCT = "fanout-scraper";

    /** Program, version, and the address of its documentation. */
    public static final String DEFAULT = PRODUCT + "/0.1 (+https://github.com/fanout-scraper/fanout-scraper)";

    private UserAgent() {}

    /**
     * The product token of a User-Agent header: what robots.txt groups are matched against (RFC 9309, section 2.2.1).
     */
    public static String productToken(String userAgent) {
        return leadingToken(userAgent).orElse(PRODUCT);
    }

    /**
     * The product token that a name begins with, empty if it begins with another character. The RFC has letters, {@code
     * -} and {@code _} only; a name that begins with a digit, such as {@code 360Spider}, is one that robots.txt files
     * know whole.
     */
    public static Optional<String> leadingToken(String name) {
        boolean withDigits = !name.isEmpty() && isDigit(name.charAt(0));
        int end = 0;
        while (end < name.length()
                && (isTokenCharacter(name.charAt(end)) || (withDigits && isDigit(name.charAt(end))))) {
            end++;
        }
        return end == 0 ? Optional.empty() : Optional.of(name.substring(0, end));
    }

    private static boolean isTokenCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
