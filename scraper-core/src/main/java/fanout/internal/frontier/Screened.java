package fanout.internal.frontier;

import fanout.page.Request;
import fanout.url.Fingerprint;
import java.util.List;

/**
 * URLs that came with a page or a sitemap, after the questions that need no lock. Immutable.
 *
 * @param redirectsInScope whether the page redirects to a URL that the scope's patterns allow
 *
 * @param candidates in scope, and short enough
 * @param dropped longer than a URL may be, or not to be followed
 */
record Screened(List<Candidate> candidates, int outOfScope, int dropped, boolean redirectsInScope) {

    /** A URL that may be admitted, and its fingerprint. Immutable. */
    record Candidate(Request request, Fingerprint print) {}

    Screened(List<Candidate> candidates, int outOfScope, int dropped) {
        this(candidates, outOfScope, dropped, false);
    }

    static final Screened NONE = new Screened(List.of(), 0, 0);

    /** The first candidates, and nothing that is to be counted. */
    Screened first(int some) {
        return new Screened(candidates.subList(0, some), 0, 0, false);
    }

    /** All but those. */
    Screened without(int first) {
        return new Screened(candidates.subList(first, candidates.size()), outOfScope, dropped, redirectsInScope);
    }

    /** The same of a page that redirects. */
    Screened redirecting(boolean inScope) {
        return new Screened(candidates, outOfScope, dropped, inScope);
    }

    Screened andDropped(int more) {
        return new Screened(candidates, outOfScope, dropped + more, redirectsInScope);
    }
}
