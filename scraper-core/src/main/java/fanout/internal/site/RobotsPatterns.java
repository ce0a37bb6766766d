package fanout.internal.site;

import fanout.internal.host.RobotsRules.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Bounds what a host's rules cost, in memory for the whole crawl and in time for each URL, whatever its robots.txt
 * says. Files that people write stay far below each limit. Beyond one, more is forbidden rather than less, where that
 * is possible:
 *
 * <ul>
 * <li>of more than 5,000 rules, the shortest count, which are the most general;
 * <li>a pattern of more than 2,048 characters or ten {@code *} is cut there, if it disallows; one that allows is left
 * out;
 * <li>beyond 32,768 characters of patterns with a {@code *}, one that disallows ends before its first {@code *}, and
 * one that allows is left out. A pattern without {@code *} costs next to nothing.
 * </ul>
 */
final class RobotsPatterns {

    static final int MOST_RULES = 5_000;
    static final int MOST_SITEMAPS = 1_000;

    private static final int LONGEST_PATTERN = 2_048;
    private static final int MOST_STARS = 10;

    /** Times the length of a path, this is the most that a path costs. */
    private static final int MOST_WILD_CHARACTERS = 32 << 10;

    private int wildCharactersLeft = MOST_WILD_CHARACTERS;

    private RobotsPatterns() {}

    static List<Rule> bounded(Stream<Rule> rules) {
        RobotsPatterns patterns = new RobotsPatterns();
        List<Rule> bounded = new ArrayList<>();
        rules.distinct()
                .sorted(Comparator.comparingInt(rule -> rule.pattern().length()))
                .limit(MOST_RULES)
                .forEachOrdered(rule -> patterns.bounded(rule).ifPresent(bounded::add));
        return bounded;
    }

    private Optional<Rule> bounded(Rule rule) {
        String pattern = rule.pattern();
        int end = Math.min(starOrEnd(pattern, MOST_STARS + 1), longest(pattern));
        int firstStar = starOrEnd(pattern, 1);
        if (firstStar < end) {
            wildCharactersLeft -= end;
            end = wildCharactersLeft < 0 ? firstStar : end;
        }
        if (end >= pattern.length()) {
            return Optional.of(rule);
        }
        return rule.allow() ? Optional.empty()
                : Optional.of(new Rule(end == 0 ? "/" : pattern.substring(0, end), false));
    }

    /** Not between a percent sign and its digits, which would then be other characters. */
    private static int longest(String pattern) {
        int escape = pattern.length() <= LONGEST_PATTERN ? -1 : pattern.lastIndexOf('%', LONGEST_PATTERN - 1);
        return escape > LONGEST_PATTERN - 3 ? escape : LONGEST_PATTERN;
    }

    /** Where the pattern's n-th star is, or its end if it has fewer. */
    private static int starOrEnd(String pattern, int n) {
        int star = -1;
        for (int i = 0; i < n; i++) {
            star = pattern.indexOf('*', star + 1);
            if (star < 0) {
                return pattern.length();
            }
        }
        return star;
    }
}
