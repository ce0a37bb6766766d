package fanout.internal.host;

import fanout.outcome.Outcome;
import fanout.outcome.Redirected;
import fanout.page.Attempt;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The redirects that led to a URL, mostly none, whose lines are written when the chain ends, together with its own.
 * Immutable.
 *
 * @param hops redirects followed, repeats included
 * @param earlier one outcome for each URL of the chain but the present one
 * @param ofStart whether the chain began at a start URL
 * @param begin empty if the crawl has admitted the URL of each hop; else where the chain begins, whose URL alone is
 *     admitted: the others are when the chain ends, unless it is discarded
 */
public record RedirectChain(int hops, List<Redirected> earlier, boolean ofStart, Optional<Begin> begin) {

    /**
     * Where a chain begins that may be discarded.
     *
     * @param refusal what sessions have made of the request
     * @param session the number of the one under which it was sent
     */
    public record Begin(Request request, Optional<Refusal> refusal, long session) {}

    /**
     * Sessions have refused a request: the responses were those of an expired session.
     *
     * @param times how many sessions have
     * @param last the attempt under the last of them
     */
    public record Refusal(int times, Attempt last) {}

    /** The chain of a URL that was found, by a link or in a sitemap. */
    public static final RedirectChain OF_LINK = new RedirectChain(0, List.of(), false);

    /** The chain of a start URL. */
    public static final RedirectChain OF_START = new RedirectChain(0, List.of(), true);

    public RedirectChain {
        earlier = List.copyOf(earlier);
    }

    /** A chain whose hops are all admitted. */
    public RedirectChain(int hops, List<Redirected> earlier, boolean ofStart) {
        this(hops, earlier, ofStart, Optional.empty());
    }

    /** The earlier member that is this request, or the present one. */
    public Optional<Redirected> member(Request next, Redirected present) {
        String key = next.key();
        return with(present).stream().filter(redirected -> redirected.request().key().equals(key)).findFirst();
    }

    /**
     * The redirect as the crawl knows its target.
     *
     * @param known the target without the parameters that the job drops
     * @return one whose target is known by its own URL, if the crawl would take it for a member that has another
     */
    public Redirected knownAs(Redirected redirected, CanonicalUrl known) {
        Redirected like = redirected.knownAs(known);
        boolean isTaken = like.known().isPresent()
                && member(like.next(), like).filter(member -> !member.request().url().equals(like.target()))
                        .isPresent();
        return isTaken ? redirected : like;
    }

    /** The chain after one more redirect; a URL that is visited again has its one outcome still to come. */
    public RedirectChain then(Redirected redirected) {
        List<Redirected> members = with(redirected);
        String next = redirected.next().key();
        members.removeIf(member -> member.request().key().equals(next));
        return new RedirectChain(hops + 1, members, ofStart, begin);
    }

    /** The same of a chain that begins here, and of whose hops none is admitted before it ends. */
    public RedirectChain beginningAt(Begin first) {
        return begin.isPresent() ? this : new RedirectChain(hops, earlier, ofStart, Optional.of(first));
    }

    /** All outcomes of a chain that has ended. */
    public List<Outcome> endedBy(Outcome last) {
        if (earlier.isEmpty()) {
            return List.of(last);
        }
        List<Outcome> lines = new ArrayList<>(earlier);
        lines.add(last);
        return lines;
    }

    private List<Redirected> with(Redirected present) {
        List<Redirected> members = new ArrayList<>(earlier);
        members.add(present);
        return members;
    }
}
