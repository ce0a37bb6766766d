package fanout.link;

import fanout.item.QueryScope;
import fanout.job.Limits;
import fanout.limit.ParseStopped;
import fanout.limit.ParseTime;
import fanout.page.PageLink.Fate;
import fanout.url.LinkBase;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Which of a page's links count, and the way to collect them. Confined to one thread.
 *
 * @param selected what is collected: the standard set, or what the job's follow rules pick
 * @param others the standard set, where follow rules pick from it
 * @param mayFollow whether the page's own directives let links be followed
 * @param obeys whether nofollow counts
 */
public record LinkSelection(
        List<FoundLink> selected,
        List<FoundLink> others,
        boolean mayFollow,
        boolean obeys,
        LinkBase base,
        Limits limits) {

    private static final int LINKS_BETWEEN_CHECKS = 256;

    /** What a page links to: the standard set, or what the job's follow rules pick. */
    public static LinkSelection of(PageLinks found, Optional<LinkRules> rules, Supplier<QueryScope> content,
            boolean mayFollow, boolean obeys, LinkBase base, Limits limits) {
        List<FoundLink> standard = found.links();
        return rules.map(picking -> new LinkSelection(picking.find(content), standard, mayFollow, obeys, base, limits))
                .orElseGet(() -> new LinkSelection(standard, List.of(), mayFollow, obeys, base, limits));
    }

    /**
     * Collects the links that count: resolved, each URL once, within the limits.
     *
     * @throws ParseStopped if the thread is interrupted or the deadline has passed
     */
    public LinkCollector collect(ParseTime time) throws ParseStopped {
        LinkCollector links = new LinkCollector(base, limits);
        int added = 0;
        for (FoundLink link : selected) {
            if (added++ % LINKS_BETWEEN_CHECKS == 0) {
                time.check();
            }
            add(link, links);
        }
        return links;
    }

    /** What becomes of a link that comes next. */
    Fate add(FoundLink link, LinkCollector links) {
        return links.add(link.href(), link.label(), mayFollow && !(obeys && link.nofollow()));
    }
}
