package fanout.simulation;

import fanout.job.Limits;
import fanout.page.Request;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How many pages the parts of a crawl have that a job limits, and how many they may have. Most jobs limit none. Not
 * thread-safe.
 */
final class PartLimits {

    private final OptionalLong mostOfHost;
    private final Map<String, Long> okOfHost = new HashMap<>();

    PartLimits(Limits limits) {
        this.mostOfHost = limits.maxPagesPerHost();
    }

    /** Limits for the parts of a crawl, under a fourth of the seeds: those that have them draw few pages for each. */
    static Limits drawn(Limits whole, Dice dice) {
        return dice.chance(0.25) ? whole.toBuilder().maxPagesPerHost(dice.oneOf(1, 1, 2, 3, 6)).build() : whole;
    }

    /** The same in a later run of the crawl, where a part may have so many pages more, or fewer more. */
    static Limits raised(Limits before, int atMost, Dice dice) {
        return before.maxPagesPerHost().isPresent()
                ? before.toBuilder()
                        .maxPagesPerHost(before.maxPagesPerHost().getAsLong() + dice.between(0, atMost))
                        .build()
                : before;
    }

    /** A request was answered with a page, or its line says so. */
    void ok(Request request) {
        ok(request.url().toString());
    }

    void ok(String url) {
        okOfHost.merge(SimulatedWeb.hostOf(url), 1L, Long::sum);
    }

    /** Whether no part has more than it may. */
    boolean areKept() {
        return mostOfHost.isEmpty() || okOfHost.values().stream().allMatch(ok -> ok <= mostOfHost.getAsLong());
    }

    /** Whether this request may not be sent any more. */
    boolean areSpentFor(String url) {
        return mostOfHost.isPresent() && okOfHost.getOrDefault(SimulatedWeb.hostOf(url), 0L) >= mostOfHost.getAsLong();
    }

    /** Whether some part has all that it may have. */
    boolean areSpentSomewhere() {
        return mostOfHost.isPresent() && okOfHost.values().stream().anyMatch(ok -> ok >= mostOfHost.getAsLong());
    }

    @Override
    public String toString() {
        return "of each host " + mostOfHost + ": " + okOfHost;
    }
}
