package fanout.job;

/** The name under which the crawler asks. */
public final class UserAgent {

    /** The product token that robots.txt groups are matched against by default. */
    public static final String PRODUCT = "fanout-scraper";

    /** Program, version, and the address of its documentation. */
    public static final String DEFAULT = PRODUCT + "/0.1 (+https://github.com/fanout-scraper/fanout-scraper)";

    private UserAgent() {}

    /** The product token of a User-Agent header: what robots.txt groups are matched against (RFC 9309, section 2.2.1). */
    public static String productToken(String userAgent) {
        int end = 0;
        while (end < userAgent.length() && isTokenCharacter(userAgent.charAt(end))) {
            end++;
        }
        return end == 0 ? PRODUCT : userAgent.substring(0, end);
    }

    private static boolean isTokenCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    }
}
