package fanout.internal.parse;

import fanout.internal.limit.ParseStopped;
import fanout.internal.limit.ParseTime;
import fanout.internal.parse.FoundLink.Target;
import fanout.job.Limits;
import fanout.page.Hyperlink;
import fanout.page.Link;
import fanout.page.PageFollow;
import fanout.page.PageLink.Fate;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.Fingerprint;
import fanout.url.LinkBase;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of a page's links count, and the way to collect them. Confined to one thread.
 *
 * @param selected what is collected: the standard set, or what the job's follow rules pick
 * @param others the standard set, where follow rules pick from it
 * @param rules what each follow rule matches
 * @param picks what the job's download entries pick, whatever else is followed
 * @param mayFollow whether the page's own directives let links be followed
 * @param obeys whether nofollow counts
 */
record LinkSelection(
        List<FoundLink> selected,
        List<FoundLink> others,
        List<PageFollow> rules,
        DownloadLinks.Picks picks,
        boolean mayFollow,
        boolean obeys,
        LinkBase base,
        Limits limits) {

    private static final int STEPS_A_LINK = 1;
    /** A link may have as many characters as a page. */
    private static final int CHARACTERS_A_STEP = 16;

    private static final String NO_URL = "not an http or https URL";
    private static final String LEFT_OUT = "include and exclude leave none of its links in";

    /**
     * A page's links.
     *
     * @param onPage distinct links, followed or not: of the standard set, and what follow rules pick
     * @param rules what each follow rule came to
     */
    public record Collected(LinkCollector links, int onPage, List<PageFollow> rules) {}

    /** What a page links to: the standard set, or what the job's follow rules pick. */
    public static LinkSelection of(PageLinks found, Optional<LinkRules> rules, Supplier<QueryScope> content,
            DownloadLinks.Picks picks, Visit visit, boolean mayFollow, boolean obeys, Limits limits) {
        LinkRules.Picked picked =
                rules.map(picking -> picking.find(found.links(), content, visit)).orElse(LinkRules.Picked.NOTHING);
        LinkBase base = visit.facts().base();
        return rules.isPresent()
                ? new LinkSelection(picked.links(), found.links(), picked.rules(), picks, mayFollow, obeys, base,
                        limits)
                : new LinkSelection(found.links(), List.of(), List.of(), picks, mayFollow, obeys, base, limits);
    }

    /**
     * Collects the links that count: resolved, each URL once, within the limits.
     *
     * @throws ParseStopped if the thread is interrupted or the deadline has passed
     */
    public Collected collect(ParseTime time) throws ParseStopped {
        time.check();
        LinkCollector links = new LinkCollector(base, limits, picks);
        int[] noUrls = new int[rules.size()];
        int[] leftOut = new int[rules.size()];
        for (FoundLink link : selected) {
            spendOn(link, time);
            Fate fate = add(link, links);
            if (link.rule() != FoundLink.STANDARD) {
                noUrls[link.rule()] += fate == Fate.MALFORMED ? 1 : 0;
                leftOut[link.rule()] += fate == Fate.LEFT_OUT ? 1 : 0;
            }
        }
        for (FoundLink link : picks.links()) {
            spendOn(link, time);
            add(link, links);
        }
        Set<Fingerprint> passedOver = new HashSet<>();
        for (FoundLink link : others) {
            spendOn(link, time);
            base.follow(link.href())
                    .filter(url -> !links.has(url))
                    .ifPresent(url -> passedOver.add(Fingerprint.of(url.toString())));
        }
        List<PageFollow> found = new ArrayList<>(rules.size());
        for (int rule = 0; rule < noUrls.length; rule++) {
            found.add(less(rules.get(rule), noUrls[rule], leftOut[rule]));
        }
        return new Collected(links, links.distinct() + passedOver.size(), found);
    }

    /**
     * Returns a line for each link of the page: for the elements of the standard set, in their order, and for what
     * follow rules and download entries pick elsewhere. Links that are too long have none, and the lines of a page
     * have an end, see {@link LineRoom}.
     *
     * @param from the page
     * @param forbids whether the page or its response says nofollow
     * @throws ParseStopped if the thread is interrupted or the deadline has passed
     */
    List<Hyperlink> hyperlinks(CanonicalUrl from, boolean forbids, ParseTime time) throws ParseStopped {
        List<Hyperlink> lines = new ArrayList<>();
        LineRoom left = new LineRoom(from, limits);
        Set<String> standard = new HashSet<>();
        for (FoundLink link : others) {
            spendOn(link, time);
            addLine(link, forbids, left, lines);
            standard.add(link.href());
        }
        for (FoundLink link : selected) {
            spendOn(link, time);
            if (!standard.contains(link.href())) {
                addLine(link, forbids, left, lines);
            }
        }
        selected.forEach(link -> standard.add(link.href()));
        for (FoundLink link : picks.links()) {
            spendOn(link, time);
            if (standard.add(link.href())) {
                addLine(link, forbids, left, lines);
            }
        }
        left.warnIfSpent();
        return lines;
    }

    private void addLine(FoundLink link, boolean forbids, LineRoom left, List<Hyperlink> lines) {
        Optional<CanonicalUrl> to = base.follow(link.href()).filter(url -> url.length() <= limits.maxUrlLength());
        if (to.isEmpty()) {
            return;
        }
        FoundLink.Anchor element = link.element();
        Hyperlink line = new Hyperlink(to.get(), said(element == null ? "" : element.words()),
                said(element == null ? "" : element.rel()), forbids || link.nofollow(), false);
        if (left.takes(line)) {
            lines.add(line);
        }
    }

    private static Optional<String> said(String text) {
        String kept = text.substring(0, Math.min(text.length(), Hyperlink.LONGEST_TEXT)).strip();
        return kept.isEmpty() ? Optional.empty() : Optional.of(kept);
    }

    /**
     * What the lines of one page may take. A small page with a long base, or a long URL of its own, could fill a disk:
     * its lines have half a KiB for each of {@code maxLinksPerPage}, and at least 1 MiB. Confined to one thread.
     */
    private static final class LineRoom {

        private static final Logger LOG = LoggerFactory.getLogger(LineRoom.class);
        private static final int AVERAGE = 512;
        private static final long LEAST = 1 << 20;
        /** What a line has besides texts. */
        private static final int NAMES = 70;

        private final CanonicalUrl from;
        private final long all;
        private long left;
        private long lost;

        private LineRoom(CanonicalUrl from, Limits limits) {
            this.from = from;
            this.all = Math.max((long) limits.maxLinksPerPage() * AVERAGE, LEAST);
            this.left = all;
        }

        /** Once a line does not fit, none does. */
        private boolean takes(Hyperlink line) {
            left -= NAMES + from.length() + line.to().length() + line.text().map(String::length).orElse(0)
                    + line.rel().map(String::length).orElse(0);
            if (left < 0) {
                left = -1;
                lost++;
            }
            return left >= 0;
        }

        private void warnIfSpent() {
            if (lost > 0) {
                LOG.warn("{} has links of more than {} KiB: {} are not written; raise limits.maxLinksPerPage", from,
                        all >> 10, lost);
            }
        }
    }

    private static void spendOn(FoundLink link, ParseTime time) throws ParseStopped {
        if (time.isDue(STEPS_A_LINK + link.href().length() / CHARACTERS_A_STEP)) {
            time.check();
        }
    }

    /** A mailto link is no flaw of the standard set, and a link that include or exclude leaves out never is. */
    private static PageFollow less(PageFollow rule, int noUrls, int leftOut) {
        boolean isFlaw = !rule.entry().equals(LinkRules.STANDARD_SET);
        int links = rule.links() - noUrls - leftOut;
        List<String> reasons = new ArrayList<>(rule.reasons());
        if (noUrls > 0 && isFlaw) {
            reasons.add(NO_URL);
        }
        if (leftOut > 0 && links == 0) {
            reasons.add(LEFT_OUT);
        }
        return new PageFollow(rule.entry(), rule.matches() - leftOut - (isFlaw ? 0 : noUrls), links, reasons);
    }

    /** What becomes of a link that comes next. */
    Fate add(FoundLink link, LinkCollector links) {
        return links.add(link.href(), link.target(), mayFollow && !(obeys && link.nofollow()));
    }

    /**
     * Resolves a page's links, keeps one of each and decides which may be followed. A URL that is linked twice may be
     * followed if one of the links says nothing against it. Confined to one thread.
     *
     * <p>A small page with a long base can name gigabytes of URLs. Those that are not followed are known by their
     * fingerprint only, and of those that are, the number and the characters are bounded.
     */
    public static final class LinkCollector {

        /** Characters of a link, on average, that a page full of links may have. */
        private static final int AVERAGE_LENGTH = 512;

        private final LinkBase base;
        private final Limits limits;
        private final DownloadLinks.Picks picks;
        /** By URL, or by the key of a request that is no GET. */
        private final Map<Object, Link> followed = new LinkedHashMap<>();
        private final Set<Fingerprint> others = new HashSet<>();
        private long room;

        LinkCollector(LinkBase base, Limits limits, DownloadLinks.Picks picks) {
            this.base = base;
            this.picks = picks;
            this.limits = limits;
            this.room = (long) limits.maxLinksPerPage() * AVERAGE_LENGTH;
        }

        /** Adds a link, unless it is malformed, not http(s) or has userinfo; returns what becomes of it. */
        Fate add(String href, Target target, boolean mayFollow) {
            Optional<CanonicalUrl> resolved = base.follow(href);
            if (resolved.isEmpty()) {
                return Fate.MALFORMED;
            }
            CanonicalUrl url = resolved.get();
            if (!target.takes(url)) {
                return Fate.LEFT_OUT;
            }
            Object key = target.details()
                    .filter(details -> details.method() != Request.Method.GET || details.identity().isPresent())
                    .<Object>map(details -> details.key(url.toString()))
                    .orElse(url);
            if (followed.containsKey(key)) {
                return Fate.DUPLICATE;
            }
            if (!mayFollow) {
                return others.add(Fingerprint.of(key.toString())) ? Fate.NOFOLLOW : Fate.DUPLICATE;
            }
            if (url.length() > limits.maxUrlLength()) {
                others.add(Fingerprint.of(key.toString()));
                return Fate.TOO_LONG;
            }
            if (followed.size() == limits.maxLinksPerPage() || url.length() > room) {
                others.add(Fingerprint.of(key.toString()));
                return Fate.SURPLUS;
            }
            if (!others.isEmpty()) {
                others.remove(Fingerprint.of(key.toString()));
            }
            room -= url.length();
            followed.put(key, new Link(url, target.label(), picks.details(url, target)));
            return Fate.FOLLOWED;
        }

        /** Counts a request for which there is no room. */
        void drop() {
            others.add(Fingerprint.of("dropped " + others.size()));
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
}
