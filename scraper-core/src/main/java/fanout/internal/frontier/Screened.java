package fanout.internal.frontier;

import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.Fingerprint;
import java.util.List;
import java.util.Optional;

/**
 * URLs that came with a page or a sitemap, after the questions that need no lock. Immutable.
 *
 * @param candidates in scope, and short enough
 * @param dropped longer than a URL may be, or not to be followed
 * @param target of a page that redirects
 */
record Screened(List<Candidate> candidates, int outOfScope, int dropped, Target target) {

    /** A URL that may be admitted, and its fingerprint. Immutable. */
    record Candidate(Request request, Fingerprint print) {}

    /**
     * What was found of the target of a redirect. Immutable.
     *
     * @param inScope whether the scope's patterns allow it
     * @param known the URL by which the crawl knows it, if that may be another
     */
    record Target(boolean inScope, Optional<CanonicalUrl> known) {

        static final Target NONE = new Target(false, Optional.empty());
    }

    Screened(List<Candidate> candidates, int outOfScope, int dropped) {
        this(candidates, outOfScope, dropped, Target.NONE);
    }

    static final Screened NONE = new Screened(List.of(), 0, 0);

    /** The first candidates, and nothing that is to be counted. */
    Screened first(int some) {
        return new Screened(candidates.subList(0, some), 0, 0, Target.NONE);
    }

    /** All but those. */
    Screened without(int first) {
        return new Screened(candidates.subList(first, candidates.size()), outOfScope, dropped, target);
    }

    /** The same of a page that redirects. */
    Screened redirecting(Target to) {
        return new Screened(candidates, outOfScope, dropped, to);
    }

    /** The same of a page whose links are not followed. */
    Screened withoutCandidates() {
        return new Screened(List.of(), outOfScope, dropped + candidates.size(), target);
    }

    Screened andDropped(int more) {
        return new Screened(candidates, outOfScope, dropped + more, target);
    }
}
