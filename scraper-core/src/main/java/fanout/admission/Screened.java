package fanout.admission;

import java.util.List;

/**
 * URLs that came with a page or a sitemap, after the questions that need no lock. Immutable.
 *
 * @param candidates in scope, and short enough
 * @param dropped longer than a URL may be, or not to be followed
 */
public record Screened(List<Candidate> candidates, int outOfScope, int dropped) {

    public static final Screened NONE = new Screened(List.of(), 0, 0);

    /** The first candidates, and nothing that is to be counted. */
    public Screened first(int some) {
        return new Screened(candidates.subList(0, some), 0, 0);
    }

    /** All but those. */
    public Screened without(int first) {
        return new Screened(candidates.subList(first, candidates.size()), outOfScope, dropped);
    }

    public Screened andDropped(int more) {
        return new Screened(candidates, outOfScope, dropped + more);
    }
}
