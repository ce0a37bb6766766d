package fanout.simulation;

import fanout.job.CrawlJob;
import fanout.job.FollowRule;
import fanout.job.Limits;
import fanout.page.Request;
import fanout.report.CrawlReport.Cut;
import fanout.report.CrawlReport.Part;
import fanout.url.TextPattern;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * How many pages the parts of a crawl have that a job limits, and how many they may have. Most jobs limit none. Not
 * thread-safe.
 */
final class PartLimits {

    /** The last signs of URLs with each label. */
    private static final String X = "0258";
    private static final String Y = "136";

    private final OptionalLong mostOfHost;
    private final Map<String, Long> mostOfLabel;
    private final Map<String, Long> okOfHost = new HashMap<>();
    private final Map<String, Long> okOfLabel = new HashMap<>();

    /** A page that was ok, or that was not asked for: by its host, and by the label that its line has. */
    record Page(String url, Optional<String> label) {

        static Page of(Request request) {
            String url = request.url().toString();
            return new Page(url, SimulatedWeb.isInScope(url) ? request.label() : Optional.empty());
        }

        static Page of(Line line) {
            return new Page(line.url(), line.isExternal() ? Optional.empty() : line.named().label());
        }
    }

    PartLimits(Limits limits) {
        this.mostOfHost = limits.maxPagesPerHost();
        this.mostOfLabel = limits.maxPagesPerLabel();
    }

    /** Limits for the parts of a crawl, under a fourth of the seeds: those that have them draw few pages for each. */
    static Limits drawn(Limits whole, Dice dice) {
        return dice.chance(0.25) ? whole.toBuilder().maxPagesPerHost(dice.oneOf(1, 1, 2, 3, 6)).build() : whole;
    }

    /** Limits for labels, under a fourth of the seeds. */
    static Map<String, Long> drawnOfLabels(Dice dice) {
        Map<String, Long> limits = new TreeMap<>();
        if (dice.chance(0.25)) {
            limits.put("x", (long) dice.oneOf(1, 1, 2, 3, 6));
            if (dice.chance(0.5)) {
                limits.put("y", (long) dice.oneOf(1, 1, 2, 3, 6));
            }
        }
        return limits;
    }

    /** Labels the pages of a job that limits labels: by the last digit of their URL, and some not at all. */
    static void label(CrawlJob.Builder job) {
        TextPattern x = TextPattern.of("[" + X + "]$");
        TextPattern y = TextPattern.of("[" + Y + "]$");
        FollowRule.StandardSet links = new FollowRule.StandardSet();
        job.follow(List.of(new FollowRule(links, Optional.of("x"), 0, List.of(x), List.of(), List.of()),
                new FollowRule(links, Optional.of("y"), 0, List.of(y), List.of(), List.of()),
                new FollowRule(links, Optional.empty(), 0, List.of(), List.of(x, y), List.of())));
    }

    /** The same for a start. */
    static Request labelled(Request start) {
        return new Request(start.url(), start.depth(), label(start.url().toString()), start.referrer(),
                start.details());
    }

    private static Optional<String> label(String url) {
        char last = url.charAt(url.length() - 1);
        return X.indexOf(last) >= 0 ? Optional.of("x") : Y.indexOf(last) >= 0 ? Optional.of("y") : Optional.empty();
    }

    /** The links of a page in the order in which they are found: one entry of {@code follow} after the other. */
    static List<String> inOrder(Limits limits, List<String> links) {
        return limits.maxPagesPerLabel().isEmpty() ? links
                : links.stream().sorted(Comparator.comparing(url -> label(url).orElse("z"))).toList();
    }

    /** The same in a later run of the crawl, where a part may have so many pages more, or fewer more. */
    static Limits raised(Limits before, int atMost, Dice dice) {
        Limits.Builder raised = before.toBuilder();
        before.maxPagesPerHost().ifPresent(most -> raised.maxPagesPerHost(most + dice.between(0, atMost)));
        Map<String, Long> labels = new TreeMap<>(before.maxPagesPerLabel());
        labels.replaceAll((_, most) -> most + dice.between(0, atMost));
        return raised.maxPagesPerLabel(labels).build();
    }

    /** A request was answered with a page, or its line says so. */
    void ok(Page page) {
        okOfHost.merge(SimulatedWeb.hostOf(page.url()), 1L, Long::sum);
        page.label().ifPresent(label -> okOfLabel.merge(label, 1L, Long::sum));
    }

    /** Whether no part has more than it may. */
    boolean areKept() {
        return okOfHost.values().stream().allMatch(ok -> ok <= mostOfHost.orElse(ok))
                && okOfLabel.entrySet().stream().allMatch(part -> part.getValue() <= most(part.getKey()));
    }

    private long most(String label) {
        return mostOfLabel.getOrDefault(label, Long.MAX_VALUE);
    }

    /** Whether the request for this page may not be sent any more. */
    boolean areSpentFor(Page page) {
        return isSpentForHost(page) || isSpentForLabel(page);
    }

    private boolean isSpentForHost(Page page) {
        return okOfHost.getOrDefault(SimulatedWeb.hostOf(page.url()), 0L) >= mostOfHost.orElse(Long.MAX_VALUE);
    }

    private boolean isSpentForLabel(Page page) {
        return page.label().filter(label -> okOfLabel.getOrDefault(label, 0L) >= most(label)).isPresent();
    }

    /** Whether some part has all that it may have. */
    boolean areSpentSomewhere() {
        return okOfHost.values().stream().anyMatch(ok -> ok >= mostOfHost.orElse(Long.MAX_VALUE))
                || okOfLabel.entrySet().stream().anyMatch(part -> part.getValue() >= most(part.getKey()));
    }

    /** How many of these pages were cut off, by host or label: each is counted once. */
    Map<String, Long> cut(List<Page> skipped) {
        Map<String, Long> cut = new TreeMap<>();
        for (Page page : skipped) {
            if (isSpentForHost(page)) {
                cut.merge(SimulatedWeb.hostOf(page.url()), 1L, Long::sum);
            } else if (isSpentForLabel(page)) {
                cut.merge("label " + page.label().orElseThrow(), 1L, Long::sum);
            }
        }
        return cut;
    }

    /** The same as a report says it. */
    static Map<String, Long> told(Cut cut) {
        Map<String, Long> told = new TreeMap<>();
        cut.mostByHost().forEach(part -> told.put(part.name().replace(":80", ""), part.skipped()));
        cut.labels().forEach(part -> told.put("label " + part.name(), part.skipped()));
        return told;
    }

    /** Whether a report names the pages that each part has which was cut off. */
    boolean areNamedIn(Cut cut) {
        return cut.labels().stream().allMatch(part -> okOfLabel.getOrDefault(part.name(), 0L) == part.ok())
                && cut.mostByHost().stream().allMatch(part -> okOf(part) == part.ok());
    }

    private long okOf(Part host) {
        return okOfHost.getOrDefault(host.name().replace(":80", ""), 0L);
    }

    @Override
    public String toString() {
        return "of each host " + mostOfHost + ": " + okOfHost + ", of labels " + mostOfLabel + ": " + okOfLabel;
    }
}
