package fanout.internal.parse;

import fanout.internal.parse.FoundLink.Target;
import fanout.job.Download;
import fanout.job.Keeping;
import fanout.page.Request;
import fanout.page.Request.Details;
import fanout.url.CanonicalUrl;
import fanout.url.LinkBase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Links that the {@code css} of a job's download entries picks, whatever else the job follows. Immutable. */
final class DownloadLinks {

    /** @param entry a bit for the entry's number */
    private record Picking(int entry, Query query) {}

    private final List<Picking> pickings;

    DownloadLinks(Keeping keeping) {
        List<Picking> compiled = new ArrayList<>();
        for (int entry = 0; entry < keeping.downloads().size(); entry++) {
            int bit = 1 << entry;
            Download download = keeping.downloads().get(entry);
            download.css().ifPresent(css -> compiled.add(new Picking(bit, Query.of(css))));
        }
        this.pickings = List.copyOf(compiled);
    }

    /** Whether elements are selected, for which a page has to be a tree. */
    boolean select() {
        return !pickings.isEmpty();
    }

    /** Finds those of a page. */
    Picks in(Supplier<QueryScope> scope, LinkBase base, Request page) {
        if (pickings.isEmpty()) {
            return Picks.NONE;
        }
        List<FoundLink> links = new ArrayList<>();
        Map<CanonicalUrl, Integer> entries = new HashMap<>();
        for (Picking picking : pickings) {
            for (Iterator<Match> all = picking.query.in(scope.get()).iterator(); all.hasNext();) {
                Match match = all.next();
                match.text(Optional.of("href")).or(() -> match.text(Optional.of("src"))).ifPresent(href -> {
                    links.add(new FoundLink(href, LinkRules.isNofollow(match)));
                    base.follow(href).ifPresent(url -> entries.merge(url, picking.entry, (one, other) -> one | other));
                });
            }
        }
        return new Picks(links, entries, page.details().inherited());
    }

    /**
     * What was picked in a page.
     *
     * @param entries by URL, the bits of the entries that pick it
     * @param inherited what a link of the page has without a rule
     */
    record Picks(List<FoundLink> links, Map<CanonicalUrl, Integer> entries, Details inherited) {

        static final Picks NONE = new Picks(List.of(), Map.of(), Details.NONE);

        /** Returns the details of a link of the page, with the entries that pick its URL. */
        Optional<Details> details(CanonicalUrl url, Target target) {
            int picks = entries.getOrDefault(url, 0);
            return picks == 0 ? target.details()
                    : Optional.of(target.details().orElse(inherited).pickedBy(picks));
        }
    }
}
