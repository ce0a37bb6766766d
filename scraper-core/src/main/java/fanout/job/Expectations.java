package fanout.job;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a crawl must bring to be a success. A crawl that ends well and brings less is seen only so: a site has lost half
 * of its pages, or a selector finds nothing any more. {@link fanout.Judge} compares them with a report. Immutable.
 *
 * @param minPages pages at least
 * @param minItems items at least
 * @param filled percent of a rule's items at least that have a field, by {@code rule.field}
 * @param maxChangePercent by how much pages and items may differ from those of the run before, up or down, in percent
 *     of these
 */
public record Expectations(
        OptionalLong minPages,
        OptionalLong minItems,
        Map<String, Integer> filled,
        OptionalInt maxChangePercent) {

    /** Nothing is expected. */
    public static final Expectations NONE =
            new Expectations(OptionalLong.empty(), OptionalLong.empty(), Map.of(), OptionalInt.empty());

    private static final long MOST = 1_000_000_000_000L;
    private static final int MOST_PERCENT = 1_000_000;

    public Expectations {
        minPages.ifPresent(pages -> Require.between(pages, 0, MOST, "expect.minPages"));
        minItems.ifPresent(items -> Require.between(items, 0, MOST, "expect.minItems"));
        filled = Collections.unmodifiableMap(new LinkedHashMap<>(filled));
        filled.forEach((field, percent) -> Require.between(percent, 0, 100, "expect.filled." + field));
        maxChangePercent.ifPresent(percent -> Require.between(percent, 0, MOST_PERCENT, "expect.maxChangePercent"));
    }

    /** Whether nothing is expected. */
    public boolean isNothing() {
        return equals(NONE);
    }

    /** The same, and pages at least. */
    public Expectations withMinPages(long pages) {
        return new Expectations(OptionalLong.of(pages), minItems, filled, maxChangePercent);
    }

    /** The same, and items at least. */
    public Expectations withMinItems(long items) {
        return new Expectations(minPages, OptionalLong.of(items), filled, maxChangePercent);
    }

    /** The same, and a field in this many percent of the items of its rule at least. */
    public Expectations withFilled(String rule, String field, int percent) {
        Map<String, Integer> all = new LinkedHashMap<>(filled);
        all.put(rule + "." + field, percent);
        return new Expectations(minPages, minItems, all, maxChangePercent);
    }

    /** The same, and a difference from the run before of this many percent at most. */
    public Expectations withMaxChangePercent(int percent) {
        return new Expectations(minPages, minItems, filled, OptionalInt.of(percent));
    }
}
