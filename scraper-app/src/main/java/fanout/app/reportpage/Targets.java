package fanout.app.reportpage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * URLs that links should not lead to: broken ones, and those that redirect. A first reading of the pages learns them, a
 * first reading of the links counts the pages that link to each; {@link #choose} picks those that are shown, of which a
 * second reading of both collects the words. A link to a redirect whose chain ends at a broken URL is a link to that.
 * Confined to one thread.
 */
final class Targets {

    private static final int MOST_HOPS = 25;
    /** Of a redirect: another one leads to it, so no chain begins there. Keys have 63 bits. */
    private static final long IS_TARGET = Long.MIN_VALUE;

    private final Limits limits;
    private final Texts texts;
    private final Keys keys;
    private final LongTable broken;
    private final LongTable redirects;
    /** Of each URL that is linked, pages with a link; the lower half is the number of the last of them. */
    private final LongTable linking;
    private final LongTable linkCounts;
    private final Map<Long, Broken> chosenBroken = new HashMap<>();
    private final Map<Long, Hop> hops = new HashMap<>();
    private List<Chain> chains = List.of();
    private long brokenExternal;
    private int collectedLinks;
    private int fromNumber;
    private String from = "";
    private final ChainCounts chainCounts = new ChainCounts();

    /**
     * How much is collected.
     *
     * @param rows broken URLs and chains, each
     * @param linksOfRow links to each broken URL
     * @param links links to all of them
     */
    record Limits(int rows, int linksOfRow, int links) {}

    /** A link to a broken URL. */
    record Link(String from, @Nullable String text, @Nullable String through) {}

    /** A broken URL with the links to it. */
    static final class Broken {

        private final long pages;
        private final long linkCount;
        private final List<Link> links = new ArrayList<>();
        private @Nullable PageLine line;

        private Broken(long pages, long linkCount) {
            this.pages = pages;
            this.linkCount = linkCount;
        }

        /** Returns how many pages have a link to it. */
        long pages() {
            return pages;
        }

        /** Returns how many links lead to it. */
        long linkCount() {
            return linkCount;
        }

        List<Link> links() {
            return List.copyOf(links);
        }

        Optional<PageLine> line() {
            return Optional.ofNullable(line);
        }
    }

    /** One URL of a chain; its words are those of its line. */
    static final class Hop {

        private @Nullable PageLine line;
        /** There was no memory for it. */
        private boolean isLeftOut;

        Optional<PageLine> line() {
            return Optional.ofNullable(line);
        }
    }

    /** How a chain ends. */
    enum ChainEnd {
        LOOP, BROKEN, FINE
    }

    /**
     * A chain of redirects.
     *
     * @param hops the first URL, which is linked, up to the last
     * @param redirects how many redirects there are
     * @param pages pages that link to its beginning
     */
    record Chain(List<Hop> hops, int redirects, ChainEnd end, long pages) {

        Chain {
            hops = List.copyOf(hops);
        }
    }

    /** How many chains there are of each kind. */
    static final class ChainCounts {

        private long all;
        private long severalHops;
        private long broken;
        private long loops;

        long all() {
            return all;
        }

        /** Returns those of more than one redirect. */
        long severalHops() {
            return severalHops;
        }

        long broken() {
            return broken;
        }

        long loops() {
            return loops;
        }
    }

    private record Walk(List<Long> keys, ChainEnd end, long pages) {

        private int redirects() {
            return keys.size() - 1;
        }

        /** Problems first, then the longest, then those that most pages link to. */
        private static final Comparator<Walk> BY_WEIGHT = Comparator.comparing(Walk::end)
                .thenComparing(Comparator.comparingInt(Walk::redirects).reversed())
                .thenComparing(Comparator.comparingLong(Walk::pages).reversed())
                .thenComparing(walk -> walk.keys.getFirst());
    }

    Targets(LongTable.Budget budget, Texts texts, Limits limits, Keys keys) {
        this.texts = texts;
        this.limits = limits;
        this.keys = keys;
        this.broken = new LongTable(budget);
        this.redirects = new LongTable(budget);
        this.linking = new LongTable(budget);
        this.linkCounts = new LongTable(budget);
    }

    /** Takes a line of the first reading. */
    void learn(PageLine line) {
        if (line.isBroken()) {
            broken.put(line.key(), 1);
            brokenExternal += line.found().isExternal() ? 1 : 0;
        } else if (line.kind() == PageLine.Kind.REDIRECTED && line.answer().redirectUrl() != null) {
            redirects.put(line.key(), keys.of(line.answer().redirectUrl()));
        }
    }

    /** Takes a link of the first reading. */
    void count(String fromUrl, String to) {
        if (!fromUrl.equals(from)) {
            from = fromUrl;
            fromNumber++; // links of a page stand together
        }
        long key = keys.of(to);
        if (redirects.contains(key)) {
            count(key);
        }
        long end = end(key);
        if (broken.contains(end)) {
            count(end);
        }
    }

    private void count(long key) {
        linkCounts.add(key, 1);
        long known = linking.get(key, 0);
        if ((int) known != fromNumber) {
            linking.put(key, ((known >>> 32) + 1) << 32 | fromNumber);
        }
    }

    /** Returns where the redirects from a URL lead, as far as they are known; itself if it is none. */
    private long end(long key) {
        long at = key;
        for (int hop = 0; hop < MOST_HOPS && redirects.contains(at); hop++) {
            at = redirects.get(at, 0) & ~IS_TARGET;
        }
        return at;
    }

    private long pagesWithLinkTo(long key) {
        return linking.get(key, 0) >>> 32;
    }

    /** Picks what is shown. */
    void choose() {
        chooseBroken();
        chooseChains();
    }

    private void chooseBroken() {
        PriorityQueue<Long> most = new PriorityQueue<>(
                Comparator.comparingLong(this::pagesWithLinkTo).thenComparing(Comparator.naturalOrder()));
        broken.forEach((key, _) -> {
            most.add(key);
            if (most.size() > limits.rows) {
                most.remove();
            }
        });
        most.forEach(key -> chosenBroken.put(key, new Broken(pagesWithLinkTo(key), linkCounts.get(key, 0))));
    }

    private void chooseChains() {
        redirects.forEach((_, target) -> {
            long next = redirects.get(target & ~IS_TARGET, 0);
            if (next != 0) {
                redirects.put(target & ~IS_TARGET, next | IS_TARGET);
            }
        });
        PriorityQueue<Walk> best = new PriorityQueue<>(Walk.BY_WEIGHT.reversed());
        Set<Long> looped = new HashSet<>();
        redirects.forEach((key, value) -> {
            if (value >= 0) {
                add(best, walk(key));
            } else if (!looped.contains(key)) {
                addLoop(best, key, looped);
            }
        });
        List<Walk> walks = best.stream().sorted(Walk.BY_WEIGHT).toList();
        walks.forEach(walk -> walk.keys.forEach(key -> hops.put(key, new Hop())));
        chains = walks.stream()
                .map(walk -> new Chain(walk.keys.stream().map(hops::get).toList(), walk.redirects(), walk.end,
                        walk.pages))
                .toList();
    }

    /** A loop that is not entered from elsewhere has no beginning: any of its URLs is one. */
    private void addLoop(PriorityQueue<Walk> best, long key, Set<Long> looped) {
        Walk walk = walk(key);
        boolean isClosed = walk.end == ChainEnd.LOOP && walk.keys.getLast() == key;
        if (isClosed && looped.size() < limits.links) {
            looped.addAll(walk.keys);
            add(best, walk);
        }
    }

    private void add(PriorityQueue<Walk> best, Walk walk) {
        chainCounts.all++;
        chainCounts.severalHops += walk.redirects() > 1 ? 1 : 0;
        chainCounts.broken += walk.end == ChainEnd.BROKEN ? 1 : 0;
        chainCounts.loops += walk.end == ChainEnd.LOOP ? 1 : 0;
        best.add(walk);
        if (best.size() > limits.rows) {
            best.remove();
        }
    }

    /** Follows the redirects from a URL. In a loop the last key is one that was there before. */
    private Walk walk(long start) {
        List<Long> walked = new ArrayList<>();
        walked.add(start);
        for (long at = start; redirects.contains(at) && walked.size() <= MOST_HOPS;) {
            at = redirects.get(at, 0) & ~IS_TARGET;
            boolean isLoop = walked.contains(at);
            walked.add(at);
            if (isLoop) {
                return new Walk(walked, ChainEnd.LOOP, pagesWithLinkTo(start));
            }
        }
        ChainEnd end = broken.contains(walked.getLast()) ? ChainEnd.BROKEN : ChainEnd.FINE;
        return new Walk(walked, end, pagesWithLinkTo(start));
    }

    /**
     * Takes a line of the second reading.
     *
     * @param areLinksKnown whether links are read, too; if not, the line knows one page with a link
     */
    void collect(PageLine line, boolean areLinksKnown) {
        Hop hop = hops.get(line.key());
        Broken target = chosenBroken.get(line.key());
        if (hop == null && target == null) {
            return;
        }
        PageLine kept = line.shortened();
        boolean isTaken = kept.isTaken(texts);
        if (hop != null) {
            hop.line = isTaken ? kept : null;
            hop.isLeftOut = !isTaken;
        }
        if (target != null && isTaken) {
            target.line = kept;
            String referrer = line.found().referrer();
            if (!areLinksKnown && referrer != null) {
                target.links.add(new Link(referrer, null, null));
            }
        }
    }

    /** Takes a link of the second reading. */
    void collect(String fromUrl, String to, @Nullable String text) {
        long key = keys.of(to);
        long end = end(key);
        Broken target = chosenBroken.get(end);
        if (target != null && target.links.size() < limits.linksOfRow && collectedLinks < limits.links) {
            String through = key == end ? null : to;
            if (texts.take(fromUrl, text, through)) {
                target.links.add(new Link(fromUrl, text, through));
                collectedLinks++;
            }
        }
    }

    /** Returns how many broken URLs there are. */
    long brokenCount() {
        return broken.size();
    }

    /** Returns how many of them are out of scope. */
    long brokenExternalCount() {
        return brokenExternal;
    }

    /** Returns whether there were more URLs than fit into the memory. */
    boolean isPartial() {
        return broken.isFull() || redirects.isFull() || linking.isFull() || linkCounts.isFull();
    }

    /** Returns the chosen broken URLs, those with most pages that link to them first. */
    List<Broken> broken() {
        return chosenBroken.values()
                .stream()
                .filter(each -> each.line != null)
                .sorted(Comparator.comparingLong(Broken::pages)
                        .reversed()
                        .thenComparing(each -> each.line().map(PageLine::url).orElse("")))
                .toList();
    }

    /** Returns the chosen chains, those that do not end well first. */
    List<Chain> chains() {
        return chains.stream().filter(chain -> chain.hops().stream().noneMatch(hop -> hop.isLeftOut)).toList();
    }

    ChainCounts chainCounts() {
        return chainCounts;
    }
}
