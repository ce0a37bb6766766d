package fanout.internal.frontier;

import fanout.internal.frontier.LeaseResult.PageResult;
import fanout.outcome.Fetched;
import fanout.page.ContentDigest;
import fanout.url.CanonicalUrl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of a page whose content an earlier page had: it says so, and if the job does not follow duplicates, none
 * of its links is followed.
 *
 * <p>Of a page with very many links a part is admitted before its step. Where duplicates are not followed, it has
 * claimed its content by then: what ends with the same content meanwhile is held back and settled behind it, in the
 * same step. Otherwise that page would be the first, and the part admitted for nothing. A claim ends with its lease,
 * however that ends.
 *
 * <p>Guarded by the frontier's lock.
 */
final class DuplicateRule {

    private final FirstPages firsts = new FirstPages();
    private final boolean areFollowed;
    private final Map<ContentDigest, Claim> claims = new HashMap<>();

    /** The end of a lease whose page is held back. */
    record HeldBack(LeaseEntry lease, LeaseResult result, Screened links) {}

    private record Claim(LeaseEntry owner, List<HeldBack> heldBack) {}

    /** @param areFollowed whether the links of a duplicate are followed */
    DuplicateRule(boolean areFollowed) {
        this.areFollowed = areFollowed;
    }

    /** Returns a page that gets its line now, with the URL of the first page that had its content if it is not it. */
    Fetched judged(Fetched page) {
        return firsts.judged(page);
    }

    /** Whether the links of a page are followed that was judged. */
    boolean allowsLinks(Fetched judged) {
        return areFollowed || judged.duplicateOf().isEmpty();
    }

    /**
     * Whether a part of a page's links may be admitted before its lease ends; if duplicates are not followed, the page
     * claims its content by that.
     */
    boolean allowsPart(LeaseEntry lease, LeaseResult result) {
        Optional<ContentDigest> digest = areFollowed ? Optional.empty() : digest(result);
        return digest.isEmpty() || (!firsts.knows(digest.get())
                && claims.computeIfAbsent(digest.get(), _ -> new Claim(lease, new ArrayList<>())).owner() == lease);
    }

    /** Keeps the end of a lease back if another has claimed its content; returns whether it did. */
    boolean holdsBack(LeaseEntry lease, LeaseResult result, Screened links) {
        if (claims.isEmpty()) {
            return false;
        }
        Claim claim = digest(result).map(claims::get).orElse(null);
        if (claim == null || claim.owner() == lease) {
            return false;
        }
        claim.heldBack().add(new HeldBack(lease, result, links));
        return true;
    }

    /** Ends the claim of a lease that was settled or abandoned; returns what it held back. */
    List<HeldBack> released(LeaseEntry lease) {
        if (claims.isEmpty()) {
            return List.of();
        }
        List<HeldBack> released = new ArrayList<>();
        claims.values()
                .stream()
                .filter(claim -> claim.owner() == lease)
                .forEach(claim -> released.addAll(claim.heldBack()));
        claims.values().removeIf(claim -> claim.owner() == lease);
        return released;
    }

    /** A page of an earlier run. */
    void restore(ContentDigest digest, CanonicalUrl url) {
        firsts.restore(digest, url);
    }

    private static Optional<ContentDigest> digest(LeaseResult result) {
        return result instanceof PageResult page && page.outcome() instanceof Fetched fetched
                ? fetched.content().hash().map(ContentDigest::of)
                : Optional.empty();
    }
}
