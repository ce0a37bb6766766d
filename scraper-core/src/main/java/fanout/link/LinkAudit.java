package fanout.link;

import fanout.item.QueryScope;
import fanout.job.Limits;
import fanout.limit.ParseStopped;
import fanout.limit.ParseTime;
import fanout.page.PageLink;
import fanout.page.PageLink.Fate;
import fanout.url.CanonicalUrl;
import fanout.url.LinkBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What became of each of a page's links, for a caller that asks: the collection is done once more, and its answers are
 * written down. Confined to one thread.
 *
 * @param selected what is collected: the standard set, or what the job's follow rules pick
 * @param others the standard set, where follow rules pick from it
 * @param mayFollow whether the page's own directives let links be followed
 * @param obeys whether nofollow counts
 */
public record LinkAudit(
        List<FoundLink> selected,
        List<FoundLink> others,
        boolean mayFollow,
        boolean obeys,
        LinkBase base,
        Limits limits) {

    private static final int LINKS_BETWEEN_CHECKS = 256;
    private static final Pattern OTHER_SCHEME =
            Pattern.compile("(?i)[\\x00-\\x20]*(?!https?:)[a-z][a-z0-9+.-]*:.*", Pattern.DOTALL);

    /** What a page links to: the standard set, or what the job's follow rules pick. */
    public static LinkAudit of(PageLinks found, Optional<LinkRules> rules, Supplier<QueryScope> content,
            boolean mayFollow, boolean obeys, LinkBase base, Limits limits) {
        List<FoundLink> standard = found.links();
        return rules.map(picking -> new LinkAudit(picking.find(content), standard, mayFollow, obeys, base, limits))
                .orElseGet(() -> new LinkAudit(standard, List.of(), mayFollow, obeys, base, limits));
    }

    /**
     * Collects the links that count.
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

    private Fate add(FoundLink link, LinkCollector links) {
        return links.add(link.href(), link.label(), mayFollow && !(obeys && link.nofollow()));
    }

    public List<PageLink> links() {
        LinkCollector collector = new LinkCollector(base, limits);
        List<PageLink> links = new ArrayList<>();
        for (FoundLink link : selected) {
            links.add(judged(link, add(link, collector)));
        }
        Set<String> picked = selected.stream().map(FoundLink::href).collect(Collectors.toUnmodifiableSet());
        others.stream()
                .filter(link -> !picked.contains(link.href()))
                .map(link -> judged(link, Fate.UNSELECTED))
                .filter(link -> link.url().filter(collector::has).isEmpty())
                .forEach(links::add);
        return links;
    }

    private PageLink judged(FoundLink link, Fate fate) {
        Optional<CanonicalUrl> url = base.resolve(link.href());
        boolean otherScheme = fate == Fate.MALFORMED && OTHER_SCHEME.matcher(link.href()).matches();
        return new PageLink(link.href(), url, link.label(), otherScheme ? Fate.NOT_HTTP : fate);
    }
}
