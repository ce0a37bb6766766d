package fanout.internal.parse;

import fanout.internal.parse.LinkSelection.LinkCollector;
import fanout.page.PageLink;
import fanout.page.PageLink.Fate;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What became of each of a page's links, for a caller that asks: they are collected once more, and the answers are
 * written down. Confined to one thread.
 */
record LinkAudit(LinkSelection selection) {

    private static final Pattern OTHER_SCHEME =
            Pattern.compile("(?i)[\\x00-\\x20]*(?!https?:)[a-z][a-z0-9+.-]*:.*", Pattern.DOTALL);

    public List<PageLink> links() {
        LinkCollector collector = new LinkCollector(selection.base(), selection.limits(), selection.picks());
        List<PageLink> links = new ArrayList<>();
        for (FoundLink link : selection.selected()) {
            links.add(judged(link, selection.add(link, collector)));
        }
        for (FoundLink link : selection.picks().links()) {
            Fate fate = selection.add(link, collector);
            if (fate != Fate.DUPLICATE) {
                links.add(judged(link, fate));
            }
        }
        Set<String> picked =
                Stream.concat(selection.selected().stream(), selection.picks().links().stream())
                        .filter(LinkAudit::isLink)
                        .map(FoundLink::href)
                        .collect(Collectors.toUnmodifiableSet());
        selection.others()
                .stream()
                .filter(link -> !picked.contains(link.href()))
                .map(link -> judged(link, Fate.UNSELECTED))
                .filter(link -> link.url().filter(collector::has).isEmpty())
                .forEach(links::add);
        return links;
    }

    /** Returns whether a link of the standard set with this href would be the same. */
    private static boolean isLink(FoundLink link) {
        return link.target().details().filter(details -> details.method() != Request.Method.GET).isEmpty();
    }

    private PageLink judged(FoundLink link, Fate fate) {
        Optional<CanonicalUrl> url = selection.base().follow(link.href());
        boolean otherScheme = fate == Fate.MALFORMED && OTHER_SCHEME.matcher(link.href()).matches();
        return new PageLink(link.href(), url, link.target().label(),
                url.map(target -> selection.picks().details(target, link.target())).orElse(link.target().details()),
                otherScheme ? Fate.NOT_HTTP : fate);
    }
}
