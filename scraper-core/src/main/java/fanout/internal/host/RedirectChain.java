package fanout.internal.host;

import fanout.outcome.Outcome;
import fanout.outcome.Redirected;
import fanout.page.Request;
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
 */
public record RedirectChain(int hops, List<Redirected> earlier, boolean ofStart) {

    /** The chain of a URL that was found, by a link or in a sitemap. */
    public static final RedirectChain OF_LINK = new RedirectChain(0, List.of(), false);

    /** The chain of a start URL. */
    public static final RedirectChain OF_START = new RedirectChain(0, List.of(), true);

    public RedirectChain {
        earlier = List.copyOf(earlier);
    }

    /** The earlier member that is this request, or the present one. */
    public Optional<Redirected> member(Request next, Redirected present) {
        String key = next.key();
        return with(present).stream().filter(redirected -> redirected.request().key().equals(key)).findFirst();
    }

    /** The chain after one more redirect; a URL that is visited again has its one outcome still to come. */
    public RedirectChain then(Redirected redirected) {
        List<Redirected> members = with(redirected);
        String next = redirected.next().key();
        members.removeIf(member -> member.request().key().equals(next));
        return new RedirectChain(hops + 1, members, ofStart);
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
