package fanout.link;

import fanout.job.Limits;
import fanout.page.Link;
import fanout.page.PageLink.Fate;
import fanout.url.CanonicalUrl;
import fanout.url.Fingerprint;
import fanout.url.LinkBase;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Resolves a page's links, keeps one of each and decides which may be followed. A URL that is linked twice may be followed
 * if one of the links says nothing against it. Confined to one thread.
 *
 * <p>A small page with a long base can name gigabytes of URLs. Those that are not followed are known by their fingerprint only, and of
 * those that are, the number and the characters are bounded.
 */
public final class LinkCollector {

    /** Characters of a link, on average, that a page full of links may have. */
    private static final int AVERAGE_LENGTH = 512;

    private final LinkBase base;
    private final Limits limits;
    private final Map<CanonicalUrl, Link> followed = new LinkedHashMap<>();
    private final Set<Fingerprint> others = new HashSet<>();
    private long room;

    LinkCollector(LinkBase base, Limits limits) {
        this.base = base;
        this.limits = limits;
        this.room = (long) limits.maxLinksPerPage() * AVERAGE_LENGTH;
    }

    /** Adds a link, and says what becomes of it. One that is malformed, not http(s) or carries userinfo is none. */
    Fate add(String href, Optional<String> label, boolean mayFollow) {
        Optional<CanonicalUrl> resolved = base.resolve(href);
        if (resolved.isEmpty()) {
            return Fate.MALFORMED;
        }
        CanonicalUrl url = resolved.get();
        if (followed.containsKey(url)) {
            return Fate.DUPLICATE;
        }
        if (!mayFollow) {
            return others.add(Fingerprint.of(url.toString())) ? Fate.NOFOLLOW : Fate.DUPLICATE;
        }
        if (url.length() > limits.maxUrlLength()) {
            others.add(Fingerprint.of(url.toString()));
            return Fate.TOO_LONG;
        }
        if (followed.size() == limits.maxLinksPerPage() || url.length() > room) {
            others.add(Fingerprint.of(url.toString()));
            return Fate.SURPLUS;
        }
        if (!others.isEmpty()) {
            others.remove(Fingerprint.of(url.toString()));
        }
        room -= url.length();
        followed.put(url, new Link(url, label));
        return Fate.FOLLOWED;
    }

    /** Whether a link to this URL was added. */
    boolean has(CanonicalUrl url) {
        return followed.containsKey(url) || others.contains(Fingerprint.of(url.toString()));
    }

    /** Distinct links, followed or not. */
    public int distinct() {
        return followed.size() + others.size();
    }

    /** The links to follow, in the order in which they were added. */
    public List<Link> toFollow() {
        return List.copyOf(followed.values());
    }
}
