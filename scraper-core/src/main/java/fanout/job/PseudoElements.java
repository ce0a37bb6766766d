package fanout.job;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Scrapy's additions to CSS, which jobs have by habit: here they find nothing, or are no selectors. */
final class PseudoElements {

    private static final Pattern ENDS = Pattern.compile("\\s*::(text|attr\\(\\s*([^()\\s]+)\\s*\\))\\s*(?=,|$)");

    private PseudoElements() {}

    /** What to write instead of a selector that ends in one. */
    static Optional<String> cure(String css) {
        Matcher found = ENDS.matcher(css);
        if (!found.find()) {
            return Optional.empty();
        }
        String attribute = found.group(2);
        String alone = found.replaceAll("").strip();
        String element = alone.isEmpty() ? "*" : alone;
        return Optional.of("\"" + css + "\" is not CSS: use css " + element
                + (attribute == null ? " alone: the text is what a field takes" : " with attr: " + attribute));
    }
}
