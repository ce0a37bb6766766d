package fanout.link;

import fanout.job.Limits;
import fanout.page.Link;
import fanout.page.PageLink.Fate;
import fanout.url.CanonicalUrl;
import fanout.url.LinkBase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Resolves a page's links, keeps one of each and decides which may be followed. A URL that is linked twice may be followed
 * if one of the links says nothing against it. Confined to one thread.
 */
public final class LinkCollector {

    private final LinkBase base;
    private final Limits limits;
    private final Map<CanonicalUrl, Candidate> candidates = new LinkedHashMap<>();

    LinkCollector(LinkBase base, Limits limits) {
        this.base = base;
        this.limits = limits;
    }

    /**
     * Adds a link, and says what becomes of it if it is not surplus in the end. One that is malformed, not http(s) or carries
     * userinfo is none.
     */
    Fate add(String href, Optional<String> label, boolean mayFollow) {
        Optional<CanonicalUrl> resolved = base.resolve(href);
        if (resolved.isEmpty()) {
            return Fate.MALFORMED;
        }
        CanonicalUrl url = resolved.get();
        Candidate candidate = candidates.get(url);
        boolean isNew = candidate == null;
        if (candidate == null) {
            candidate = new Candidate(new Link(url, label));
            candidates.put(url, candidate);
        }
        if (candidate.mayFollow) {
            return Fate.DUPLICATE;
        }
        if (!mayFollow) {
            return isNew ? Fate.NOFOLLOW : Fate.DUPLICATE;
        }
        candidate.mayFollow = url.length() <= limits.maxUrlLength();
        return candidate.mayFollow ? Fate.FOLLOWED : Fate.TOO_LONG;
    }

    /** Whether a link to this URL was added. */
    boolean has(CanonicalUrl url) {
        return candidates.containsKey(url);
    }

    /** Distinct links, followed or not. */
    public int distinct() {
        return candidates.size();
    }

    /** The links to follow, in the order in which they were added first. */
    public List<Link> toFollow() {
        List<Link> links = new ArrayList<>(Math.min(candidates.size(), limits.maxLinksPerPage()));
        for (Candidate candidate : candidates.values()) {
            if (candidate.mayFollow && links.size() < limits.maxLinksPerPage()) {
                links.add(candidate.link);
            }
        }
        return links;
    }

    private static final class Candidate {

        private final Link link;
        private boolean mayFollow;

        private Candidate(Link link) {
            this.link = link;
        }
    }
}
