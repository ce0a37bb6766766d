package fanout.app.service.crawl;

import fanout.app.json.Json;
import fanout.app.store.CrawlRecord;
import fanout.job.Limits;
import fanout.report.FinishReason;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A crawl that has ended, of which parts may have limits: a run with the same ones would end before its first fetch.
 * Immutable.
 *
 * @param okPages of all its runs
 * @param limits that it had
 */
record CutCrawl(CrawlRecord ended, long okPages, Limits limits) {

    /** Whether all that the crawl has left is what its hosts and labels may not have. */
    boolean isCut() {
        return ended.finishReason().equals(Optional.of(FinishReason.MAX_PAGES.label())) && okPages < limits.maxPages();
    }

    /** Whether a part of the crawl may have more pages with these limits. */
    boolean mayHaveMore(Limits next) {
        return perHost(next) > perHost(limits) || limits.maxPagesPerLabel()
                .entrySet()
                .stream()
                .anyMatch(label -> next.maxPagesPerLabel().getOrDefault(label.getKey(), Long.MAX_VALUE) > label
                        .getValue());
    }

    private static long perHost(Limits limits) {
        return limits.maxPagesPerHost().orElse(Long.MAX_VALUE);
    }

    /**
     * Returns why it is not resumed, and what would help.
     *
     * @param most that the service allows
     */
    String words(Limits most) {
        if (!limits.maxPagesPerLabel().isEmpty()) {
            return "its " + (limits.maxPagesPerHost().isPresent() ? "hosts and labels" : "labels")
                    + " have the pages that they may have; give larger limits, as in {\"limits\": "
                    + "{\"maxPagesPerLabel\": " + Json.line(twice()) + "}}";
        }
        long perHost = perHost(limits);
        return "its hosts have the pages that they may have, and its limits.maxPagesPerHost is " + perHost
                + (perHost < perHost(most) ? "; give a larger one, as in {\"limits\": {\"maxPagesPerHost\": "
                        + Math.min(perHost(most), 2 * perHost) + "}}"
                        : "; this service allows no job more than " + perHost(most));
    }

    private Map<String, Long> twice() {
        Map<String, Long> twice = new TreeMap<>(limits.maxPagesPerLabel());
        twice.replaceAll((_, pages) -> 2 * pages);
        return twice;
    }
}
