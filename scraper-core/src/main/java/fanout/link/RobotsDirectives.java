package fanout.link;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads nofollow out of meta robots and X-Robots-Tag. Directives are separated by commas; in the header one may be
 * preceded by the user agent that it and those after it are for. The date of {@code unavailable_after} may contain commas,
 * and colons in its time of day. Immutable.
 *
 * @param product our product token, lower case
 */
public record RobotsDirectives(String product) {

    /** Directives with a value of their own: what precedes their colon is no user agent. */
    private static final Set<String> VALUED = Set.of("unavailable_after", "max-snippet", "max-image-preview",
            "max-video-preview");

    public RobotsDirectives {
        product = product.toLowerCase(Locale.ROOT);
    }

    /** Whether a meta element of this name speaks to us. */
    boolean isOurs(String metaName) {
        String name = metaName.trim();
        return name.equalsIgnoreCase("robots") || name.equalsIgnoreCase(product);
    }

    /** Whether any of the X-Robots-Tag headers forbids us to follow links. */
    public boolean forbidFollowing(List<String> headers) {
        return headers.stream().anyMatch(this::forbidsFollowing);
    }

    /** Whether a meta element's content, or a header's value, forbids us to follow links. */
    public boolean forbidsFollowing(String directives) {
        boolean ours = true;
        for (String part : directives.split(",", -1)) {
            String directive = part.trim().toLowerCase(Locale.ROOT);
            int colon = directive.indexOf(':');
            if (colon >= 0 && !isTime(directive, colon) && !VALUED.contains(directive.substring(0, colon).trim())) {
                String agent = directive.substring(0, colon).trim();
                ours = agent.equals("*") || agent.equals(product);
                directive = directive.substring(colon + 1).trim();
            }
            if (ours && (directive.equals("nofollow") || directive.equals("none"))) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether a colon is part of a time, as in {@code 15:00:00 GMT}: no directive begins with a digit. */
    private static boolean isTime(String part, int colon) {
        return colon > 0 && colon + 1 < part.length() && isDigit(part.charAt(colon - 1))
                && isDigit(part.charAt(colon + 1));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
