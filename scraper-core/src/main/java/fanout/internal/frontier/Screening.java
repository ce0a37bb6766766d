package fanout.internal.frontier;

import fanout.internal.frontier.Screened.Candidate;
import fanout.internal.task.CarrierTurn;
import fanout.page.Hyperlink;
import fanout.page.Link;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.Fingerprint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What of the URLs that a page or a sitemap brings may be admitted at all, by scope and length. That runs the user's
 * patterns, and may take its time, so it needs no lock, and ends with a {@link CarrierTurn.LateException} if its turn
 * is limited and the time is up. Thread-safe.
 */
final class Screening {

    private final WideningScope scope;
    private final int maxUrlLength;
    private final Fingerprint.Seed seed;
    private final Duration limit;

    /** @param limit for all that one page or sitemap brings */
    Screening(WideningScope scope, int maxUrlLength, Fingerprint.Seed seed, Duration limit) {
        this.scope = scope;
        this.maxUrlLength = maxUrlLength;
        this.seed = seed;
        this.limit = limit;
    }

    /** Returns how long it may take to screen what one page or sitemap brings. */
    Duration limit() {
        return limit;
    }

    /**
     * Screens the links of a page.
     *
     * @param endsStart whether the page ends the redirects of a start URL: its host widens a scope that names no
     *     domains
     * @param turn shares the carrier while patterns are looked for
     */
    Screened links(Request from, boolean endsStart, List<Link> links, CarrierTurn turn) {
        if (links.isEmpty()) {
            return Screened.NONE;
        }
        if (endsStart) {
            scope.startEndedAt(from.url().host()); // before the page's own links are looked at
        }
        boolean goesBeyond = scope.goesBeyond(from.depth());
        if (!goesBeyond && !scope.checksExternal()) {
            return new Screened(List.of(), links.size(), 0);
        }
        Optional<CanonicalUrl> referrer = Optional.of(from.url());
        Request.Details inherited = from.details().inherited();
        List<Candidate> candidates = new ArrayList<>(links.size());
        int tooLong = 0;
        int outside = 0;
        for (Link link : links) {
            turn.shareUnlessInterrupted();
            if (link.url().length() > maxUrlLength) {
                tooLong++;
            } else if (!scope.admits(link.url(), picks(link), turn)) {
                if (!scope.checksExternal() || !isPlain(link)) {
                    outside++;
                } else {
                    candidates.add(candidate(new Request(link.url(), from.depth() + 1, link.label(), referrer,
                            Request.Details.EXTERNAL)));
                }
            } else if (!goesBeyond) {
                outside++;
            } else {
                candidates.add(candidate(new Request(link.url(), from.depth() + 1, link.label(), referrer,
                        link.details().orElse(inherited))));
            }
        }
        return new Screened(candidates, outside, tooLong);
    }

    /**
     * Returns the links of a page, each with what the scope says of its target, however deep the page is.
     *
     * @param endsStart as {@link #links}
     * @param turn shares the carrier while patterns are looked for
     */
    List<Hyperlink> judged(Request from, boolean endsStart, List<Hyperlink> links, CarrierTurn turn) {
        if (endsStart) {
            scope.startEndedAt(from.url().host());
        }
        List<Hyperlink> judged = new ArrayList<>(links.size());
        for (Hyperlink link : links) {
            turn.shareUnlessInterrupted();
            judged.add(link.inScope(scope.admits(link.to(), 0, turn)));
        }
        return judged;
    }

    /**
     * Screens the entries of a sitemap.
     *
     * @param turn shares the carrier while patterns are looked for
     */
    Screened entries(List<CanonicalUrl> entries, CarrierTurn turn) {
        List<Candidate> candidates = new ArrayList<>(entries.size());
        int tooLong = 0;
        for (CanonicalUrl each : entries) {
            turn.shareUnlessInterrupted();
            CanonicalUrl entry = scope.withoutDropped(each);
            if (entry.length() > maxUrlLength) {
                tooLong++;
            } else if (scope.admits(entry, 0, turn)) {
                candidates.add(candidate(Request.start(entry, Optional.empty())));
            }
        }
        return new Screened(candidates, entries.size() - tooLong - candidates.size(), tooLong);
    }

    /**
     * Whether the target of a redirect is in scope by its patterns, and by which URL the crawl knows it;
     * {@link Admission#allowsRedirect} asks for the rest.
     *
     * @param turn shares the carrier meanwhile
     */
    Screened.Target target(CanonicalUrl target, CarrierTurn turn) {
        boolean inScope = target.length() > maxUrlLength || scope.matches(target, turn); // a long one is refused
        CanonicalUrl known = scope.withoutDropped(target);
        return new Screened.Target(inScope, known.equals(target) ? Optional.empty() : Optional.of(known));
    }

    private static int picks(Link link) {
        return link.details().map(Request.Details::picks).orElse(0);
    }

    /** Whether a link is a GET of its URL: what a form or a template would send is not sent out of scope. */
    private static boolean isPlain(Link link) {
        return link.details().filter(Request.Details::asksForMore).isEmpty();
    }

    Candidate candidate(Request request) {
        return new Candidate(request, Fingerprint.of(request.key(), seed));
    }
}
