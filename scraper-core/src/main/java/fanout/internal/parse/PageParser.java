package fanout.internal.parse;

import fanout.internal.codec.PageCharset;
import fanout.internal.codec.Sha256;
import fanout.internal.json.MalformedJson;
import fanout.internal.limit.DocumentRoom;
import fanout.internal.limit.ParseStopped;
import fanout.internal.limit.ParseTime;
import fanout.internal.markup.NeedsTree;
import fanout.internal.markup.PageScan;
import fanout.internal.parse.ItemRules.Items;
import fanout.internal.parse.LinkSelection.LinkCollector;
import fanout.internal.parse.PageContent.LinkReading;
import fanout.internal.parse.PageContent.Scanned;
import fanout.internal.parse.PageLinks.RobotsDirectives;
import fanout.internal.parse.PageParser.ParseResult.Parsed;
import fanout.internal.parse.PageParser.ParseResult.Unparsed;
import fanout.internal.task.Deadline;
import fanout.internal.task.StageListener;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.job.UserAgent;
import fanout.outcome.Failure;
import fanout.outcome.Stage;
import fanout.page.Content;
import fanout.page.Extractor;
import fanout.page.Hyperlink;
import fanout.page.Item;
import fanout.page.Link;
import fanout.page.PageItem;
import fanout.url.LinkBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * Turns fetched pages into links, titles and items. A page of HTML is read once, as a stream, see {@link PageScan};
 * jsoup's document is made of it if a rule of the job looks at this page, if an extractor asks for it, or if the
 * stream's order need not be the document's. {@link #counts} says how often.
 *
 * <p>Thread-safe and immutable, except for the {@link DocumentRoom} that crawls share: about as many pages as there are
 * processors are parsed at once, fewer if they are large, and others wait, so documents in memory are bounded. A page
 * that is only scanned takes little room; one that needs a document after all gives that back, and waits for more. The
 * document is dropped when {@link #parse} returns.
 *
 * <p>A parse lets other threads run every few milliseconds, see {@link ParseTime}.
 *
 * <p>Interruption and the current {@link Deadline} end a wait for room at once, and a parse within some milliseconds
 * (between two pieces of the body, some hundred elements that a selector looks at, some thousand characters that a
 * pattern reads, two values, two extractors). Markup that defeats the parser, a stack overflow in a selector, malformed
 * JSON, a page with more items than a page may have ({@link ItemBudget}) and an exception from an extractor are
 * {@link Failure.Parse}; errors of the virtual machine are thrown.
 */
public final class PageParser {

    private static final int LONGEST_DETAIL = 200;

    private final Duration limit;
    private final PageRules rules;
    private final int jsonReadings;
    private final DocumentRoom room;
    private final Ticker ticker;
    private final Readings readings = new Readings();

    /** What is done with a page inside; empty if it needs a tree, and has none. */
    @FunctionalInterface
    private interface Reading<R> {
        Optional<R> read(ParseTime time) throws IOException;
    }

    /** What is done with a page that is a tree. */
    @FunctionalInterface
    interface TreeReading<R> {
        R read(PageContent content, ParseTime time) throws IOException;
    }

    /**
     * A parser for one crawl.
     *
     * @param room for the documents of all crawls of this process
     */
    public PageParser(CrawlJob job, List<Extractor> extractors, DocumentRoom room, Ticker ticker) {
        this.limit = job.limits().requestTimeout();
        this.rules = new PageRules(job, extractors);
        this.jsonReadings = job.parsing().jsonReadings();
        this.room = room;
        this.ticker = ticker;
    }

    /**
     * Parses a page, once there is room, under the current deadline. From then on it may take as long as a request: the
     * time until then belongs to the pages before it, and is no fault of this one's.
     *
     * @param listener called when the page waits for memory, or for a place and then parses
     * @throws InterruptedException if the thread is interrupted before the end
     */
    public ParseResult parse(RawPage page, StageListener listener) throws InterruptedException {
        Deadline enclosing = Deadline.current();
        boolean asked;
        try {
            asked = rules.askForTree(page, new ParseTime(enclosing));
        } catch (UncheckedIOException e) { // of patterns that take too long on this URL
            return new Unparsed(stopped(enclosing));
        }
        if (asked) {
            readings.asked();
        } else {
            Optional<ParseResult> result = inRoom(sizeOfScan(page), listener, time -> scan(page, time), Unparsed::new);
            if (result.isPresent()) {
                return result.get();
            }
        }
        return this.<ParseResult>readTree(page, listener, rules::apply, Unparsed::new);
    }

    /**
     * Reads a page as a tree, as {@link #parse} does.
     *
     * @param unread makes the result of a page that cannot be read
     */
    <R> R readTree(RawPage page, StageListener listener, TreeReading<R> reading, Function<Failure, R> unread)
            throws InterruptedException {
        return inRoom(sizeOfTree(page), listener, time -> Optional.of(reading.read(
                PageContent.withTree(page, rules.charset(page), rules.linkReading(), time), time)), unread)
                .orElseThrow();
    }

    /** What the job's follow rules came to in the pages until now. */
    public List<FollowTally.Sum> follows() {
        return rules.follows();
    }

    /** How pages were read until now. */
    ReadingCounts counts() {
        return readings.counts();
    }

    /** An extractor that asks for the tree has room for it: it cannot wait. */
    private long sizeOfScan(RawPage page) {
        return room.largestScan(page.body()) + (rules.mayAskForTree() ? sizeOfTree(page) : 0);
    }

    /** JSON is in a page more than once: as the text of an element, and as each reading makes of it. */
    private long sizeOfTree(RawPage page) {
        long document = page.isJson() ? 0 : room.largestDocument(page.body());
        int readings = page.isJson() ? 1 : jsonReadings;
        return document + (readings > 0 ? readings * room.largestJson(page.body()) : 0);
    }

    private Optional<ParseResult> scan(RawPage page, ParseTime time) throws IOException {
        return switch (PageContent.scan(page, rules.charset(page), rules.linkReading(), time)) {
            case Scanned.Whole(PageContent content) -> {
                readings.scanned();
                yield Optional.of(rules.apply(content, time));
            }
            case Scanned.Broken(NeedsTree reason) -> {
                readings.needed(reason);
                yield Optional.empty();
            }
        };
    }

    private <R> Optional<R> inRoom(long size, StageListener listener, Reading<R> reading, Function<Failure, R> unread)
            throws InterruptedException {
        if (!room.holds(size)) {
            return Optional.of(unread.apply(new Failure.Parse(
                    "more markup than the memory can hold as a document; a larger heap (-Xmx) holds it")));
        }
        Deadline enclosing = Deadline.current();
        DocumentRoom.Stay stay = room.stay(this, size);
        Optional<Stage> late = stay.enter(enclosing, listener);
        if (late.isPresent()) {
            return Optional.of(unread.apply(new Failure.TimedOut(late.get(), enclosing.limit())));
        }
        try {
            return Deadline.after(limit, ticker).within(() -> inside(listener, reading, stay, unread));
        } finally {
            stay.leave();
        }
    }

    private static <R> Optional<R> inside(StageListener listener, Reading<R> reading, DocumentRoom.Stay stay,
            Function<Failure, R> unread) throws InterruptedException {
        Deadline deadline = Deadline.current();
        listener.entered(Stage.PARSE, deadline);
        ParseTime time = new ParseTime(deadline, stay);
        try {
            return time.within(() -> reading.read(time));
        } catch (ParseStopped e) {
            return Optional.of(unread.apply(stopped(deadline)));
        } catch (MalformedJson e) {
            return Optional.of(unread.apply(new Failure.Parse(String.valueOf(e.getMessage()))));
        } catch (UncheckedIOException e) {
            return Optional.of(unread.apply(e.getCause() instanceof ParseStopped ? stopped(deadline) : failed(e)));
        } catch (IOException | RuntimeException | StackOverflowError e) {
            return Optional.of(unread.apply(failed(e)));
        }
    }

    private static Failure stopped(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return new Failure.TimedOut(Stage.PARSE, deadline.limit());
    }

    /** Cancellation first: what looks like a failure may be how an extractor answers the interrupt. */
    private static Failure failed(Throwable cause) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        String text = cause.getMessage() == null
                ? cause.getClass().getSimpleName()
                : cause.getClass().getSimpleName() + ": " + cause.getMessage();
        return new Failure.Parse(text.substring(0, Math.min(text.length(), LONGEST_DETAIL)));
    }

    /**
     * What a job asks of a page: its links, its items, and what the user's extractors make of it. Thread-safe,
     * immutable except for what it counts.
     */
    private static final class PageRules {

        private final CrawlJob job;
        private final List<Extractor> extractors;
        private final ItemRules itemRules;
        private final Optional<LinkRules> linkRules;
        private final DownloadLinks downloads;
        private final RobotsDirectives robots;
        /** Picks something in what is no page, but the answer to an expired session. */
        private final Optional<Query> expired;
        private final FollowTally follows;

        PageRules(CrawlJob job, List<Extractor> extractors) {
            this.job = job;
            this.extractors = List.copyOf(extractors);
            this.itemRules = new ItemRules(job.parsing().extract());
            this.linkRules = job.parsing().follow().map(rules -> new LinkRules(rules, job.http().secrets()));
            this.downloads = new DownloadLinks(job.keeping());
            this.follows = new FollowTally(linkRules.map(LinkRules::names).orElse(List.of()));
            this.expired = job.session().flatMap(session -> session.expired().css()).map(Query::of);
            this.robots = new RobotsDirectives(UserAgent.productToken(job.http().userAgent()));
        }

        /** What the follow rules came to until now. */
        List<FollowTally.Sum> follows() {
            return follows.sums();
        }

        /** Returns the charset of a page. */
        PageCharset charset(RawPage raw) {
            Optional<String> override = job.parsing().charset();
            return raw.isJson() ? PageCharset.ofJson(override, raw.contentType(), raw.body())
                    : PageCharset.detect(override, raw.contentType(), raw.body());
        }

        LinkReading linkReading() {
            return new LinkReading(robots, job.parsing().keepLinks());
        }

        /**
         * Whether a page has to be a tree for what is asked: a selector looks at it, the words of its links are asked
         * for, or it is no HTML.
         */
        boolean askForTree(RawPage raw, ParseTime time) {
            return job.parsing().keepLinks() || downloads.select() || raw.isJson() || raw.isXml() || expired.isPresent()
                    || linkRules.filter(LinkRules::select).isPresent()
                    || itemRules.applyTo(raw.request(), time);
        }

        /** Whether an extractor may ask for the tree of any page. */
        boolean mayAskForTree() {
            return !extractors.isEmpty();
        }

        /**
         * Applies them.
         *
         * @throws fanout.internal.limit.ParseStopped if the thread is interrupted or the deadline has passed
         */
        ParseResult apply(PageContent content, ParseTime time) throws IOException {
            if (expired.isPresent() && expired.get().in(content.scope()).findAny().isPresent()) {
                return new ParseResult.Expired();
            }
            RawPage raw = content.raw();
            PageLinks found = content.links();
            LinkBase own = LinkBase.of(raw.request().url(), content.charset()::query,
                    job.scope().dropParameters());
            LinkBase base = found.baseHref().map(href -> own.rebased(href, job.limits().maxUrlLength())).orElse(own);
            PageFacts facts = new PageFacts(raw, base, content.title().flatMap(PageTitle::of), content.charset());
            LinkSelection selection = select(content, found, facts, time);
            LinkSelection.Collected collected = selection.collect(time);
            LinkCollector links = collected.links();
            follows.add(raw.request().url(), collected.rules());

            Items extracted = itemRules.applyTo(raw.request(), time)
                    ? itemRules.apply(facts, content.scope(), new ItemBudget(raw.body().length, time))
                    : Items.NONE;
            List<Item> items = new ArrayList<>(extracted.items());
            ParsedPage page = new ParsedPage(content,
                    () -> content.treeLinks() == found ? selection : select(content, content.treeLinks(), facts, time),
                    () -> linkRules.map(rules -> rules.explained(collected.rules(), content.scope())).orElse(List.of()),
                    () -> explain(content, facts, time));
            ExtractorResults results = new ExtractorResults(raw.request(), items, links, selection.mayFollow());
            for (Extractor extractor : extractors) {
                time.check();
                extractor.extract(page, results);
            }
            time.check();

            Content said = new Content(raw.body().length, Optional.of(content.charset().name()),
                    Optional.of(Sha256.hex(raw.body())), facts.title(), collected.onPage(),
                    extracted.dropped());
            List<Link> toFollow = links.toFollow();
            List<Hyperlink> hyperlinks = job.parsing().keepLinks()
                    ? selection.hyperlinks(raw.request().url(), forbidsFollowing(found, raw), time)
                    : List.of();
            return new Parsed(said, toFollow, links.distinct() - toFollow.size(), items, hyperlinks);
        }

        private List<PageItem> explain(PageContent content, PageFacts facts, ParseTime time) {
            return itemRules.applyTo(facts.request(), time)
                    ? itemRules.explain(facts, content.scope(), new ItemBudget(content.raw().body().length, time))
                    : List.of();
        }

        /** Whether the page or its response says nofollow. */
        private boolean forbidsFollowing(PageLinks found, RawPage raw) {
            return found.isNofollow() || robots.forbidFollowing(raw.headers().values("X-Robots-Tag"));
        }

        private LinkSelection select(PageContent content, PageLinks found, PageFacts facts, ParseTime time) {
            boolean obeys = job.politeness().obeyNofollow();
            boolean mayFollow = !obeys || !forbidsFollowing(found, content.raw());
            Visit visit = new Visit(facts, new ItemBudget(content.raw().body().length, time), Visit.Misses.IGNORED);
            DownloadLinks.Picks picks = downloads.in(content::scope, facts.base(), facts.request());
            return LinkSelection.of(found, linkRules, content::scope, picks, visit, mayFollow, obeys, job.limits());
        }
    }

    /** Counts how pages are read. Thread-safe. */
    private static final class Readings {

        private final LongAdder scanned = new LongAdder();
        private final LongAdder asked = new LongAdder();
        private final Map<NeedsTree, LongAdder> needed = new EnumMap<>(NeedsTree.class);

        Readings() {
            for (NeedsTree reason : NeedsTree.values()) {
                needed.put(reason, new LongAdder());
            }
        }

        void scanned() {
            scanned.increment();
        }

        void asked() {
            asked.increment();
        }

        void needed(NeedsTree reason) {
            Objects.requireNonNull(needed.get(reason)).increment();
        }

        ReadingCounts counts() {
            Map<NeedsTree, Long> reasons = new EnumMap<>(NeedsTree.class);
            needed.forEach((reason, count) -> reasons.put(reason, count.sum()));
            reasons.values().removeIf(count -> count == 0);
            return new ReadingCounts(scanned.sum(), asked.sum(), reasons);
        }
    }

    /** What came of parsing a page. */
    public sealed interface ParseResult {

        /**
         * A page that could be read.
         *
         * @param links distinct links to follow: nofollow, over-long and surplus ones are left out, scope is not looked
         *             at
         * @param dropped distinct links that were left out for those reasons
         * @param hyperlinks all of its links, if the job keeps them; whether they are in scope is not looked at
         */
        record Parsed(Content content, List<Link> links, int dropped, List<Item> items, List<Hyperlink> hyperlinks)
                implements
                ParseResult {
            public Parsed {
                links = List.copyOf(links);
                items = List.copyOf(items);
                hyperlinks = List.copyOf(hyperlinks);
            }
        }

        /** What the job's {@code session.expired} picks something in: no rule and no extractor was applied. */
        record Expired() implements ParseResult {}

        /** A page that could not: a deadline passed, the markup defeated the parser, or an extractor threw. */
        record Unparsed(Failure failure) implements ParseResult {}
    }
}
