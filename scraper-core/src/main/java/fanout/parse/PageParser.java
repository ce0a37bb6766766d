package fanout.parse;

import fanout.item.ItemBudget;
import fanout.item.ItemRules;
import fanout.item.ItemRules.Items;
import fanout.item.PageFacts;
import fanout.item.QueryScope;
import fanout.job.CrawlJob;
import fanout.job.UserAgent;
import fanout.json.MalformedJson;
import fanout.limit.DocumentRoom;
import fanout.limit.ParseStopped;
import fanout.limit.ParseTime;
import fanout.link.LinkAudit;
import fanout.link.LinkCollector;
import fanout.link.LinkRules;
import fanout.link.PageWalk;
import fanout.link.RobotsDirectives;
import fanout.outcome.Failure;
import fanout.page.Content;
import fanout.page.Extractor;
import fanout.page.Item;
import fanout.page.Link;
import fanout.parse.ParseResult.Parsed;
import fanout.parse.ParseResult.Unparsed;
import fanout.task.Deadline;
import fanout.task.Stage;
import fanout.task.StageListener;
import fanout.task.Ticker;
import fanout.url.LinkBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jsoup.nodes.Document;

/**
 * Turns fetched pages into links, titles and items: jsoup's document (or JSON), one walk over it, then the job's rules, then the
 * user's extractors.
 *
 * <p>Thread-safe and immutable, but for the {@link DocumentRoom} that crawls share: about as many pages as there are processors
 * are parsed at once, fewer if they are large, and others wait, so documents in memory are bounded. The document is dropped
 * when {@link #parse} returns.
 *
 * <p>A parse lets other threads run every few milliseconds, see {@link ParseTime}.
 *
 * <p>Interruption and the current {@link Deadline} end a wait for room at once, and a parse within some milliseconds
 * (between two pieces of the body, two elements that a selector looks at, two values, two extractors), or within some seconds
 * if a selector is in work that cannot be stopped. Markup that defeats the parser, a stack overflow in a selector, a page too
 * large for such a selector, JSON that is none, one with more items than a page may have ({@link ItemBudget}) and an
 * exception from an extractor are {@link Failure.Parse}; errors of the virtual machine are thrown.
 */
public final class PageParser {

    private static final int LONGEST_DETAIL = 200;

    private final CrawlJob job;
    private final List<Extractor> extractors;
    private final ItemRules itemRules;
    private final Optional<LinkRules> linkRules;
    private final RobotsDirectives robots;
    private final boolean looksIntoJson;
    private final DocumentRoom room;
    private final Ticker ticker;

    /**
     * A parser for one crawl.
     *
     * @param room for the documents of all crawls of this process
     */
    public PageParser(CrawlJob job, List<Extractor> extractors, DocumentRoom room, Ticker ticker) {
        this.job = job;
        this.extractors = List.copyOf(extractors);
        this.itemRules = new ItemRules(job.parsing().extract());
        this.linkRules = job.parsing().follow().map(LinkRules::new);
        this.looksIntoJson = job.parsing().looksIntoJson();
        this.robots = new RobotsDirectives(UserAgent.productToken(job.http().userAgent()));
        this.room = room;
        this.ticker = ticker;
    }

    /**
     * Parses a page, once there is room, under the current deadline. From then on it may take as long as a request: the time
     * until then belongs to the pages before it, and is no fault of this one's.
     *
     * @param listener called when the page waits for memory, or for a place and then parses
     * @throws InterruptedException if the thread is interrupted before the end
     */
    public ParseResult parse(RawPage page, StageListener listener) throws InterruptedException {
        long size = largestContent(page);
        if (!room.holds(size)) {
            return new Unparsed(new Failure.Parse(
                    "more markup than the memory can hold as a document; a larger heap (-Xmx) holds it"));
        }
        Deadline enclosing = Deadline.current();
        Optional<Stage> late = room.enter(size, enclosing, listener);
        if (late.isPresent()) {
            return new Unparsed(new Failure.TimedOut(late.get(), enclosing.limit()));
        }
        try {
            return Deadline.after(job.limits().requestTimeout(), ticker).within(() -> parseInside(page, listener));
        } finally {
            room.leave(size);
        }
    }

    /** JSON-LD is in a page twice: as the text of an element, and as what is made of it. */
    private long largestContent(RawPage page) {
        long document = PageContent.isJson(page) ? 0 : room.largestDocument(page.body());
        return document + (PageContent.isJson(page) || looksIntoJson ? room.largestJson(page.body()) : 0);
    }

    private ParseResult parseInside(RawPage page, StageListener listener) throws InterruptedException {
        Deadline deadline = Deadline.current();
        listener.entered(Stage.PARSE, deadline);
        ParseTime time = new ParseTime(deadline);
        try {
            return time.within(() -> parse(page, time));
        } catch (ParseStopped e) {
            return stopped(deadline);
        } catch (MalformedJson e) {
            return new Unparsed(new Failure.Parse(String.valueOf(e.getMessage())));
        } catch (UncheckedIOException e) {
            return e.getCause() instanceof ParseStopped ? stopped(deadline) : failed(e);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            return failed(e);
        }
    }

    private static ParseResult stopped(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return new Unparsed(new Failure.TimedOut(Stage.PARSE, deadline.limit()));
    }

    /** Cancellation first: what looks like a failure may be how an extractor answers the interrupt. */
    private static ParseResult failed(Throwable cause) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        String text = cause.getMessage() == null
                ? cause.getClass().getSimpleName()
                : cause.getClass().getSimpleName() + ": " + cause.getMessage();
        return new Unparsed(new Failure.Parse(text.substring(0, Math.min(text.length(), LONGEST_DETAIL))));
    }

    private ParseResult parse(RawPage raw, ParseTime time) throws IOException {
        PageContent read = PageContent.read(raw, time);
        Document document = read.document();
        PageWalk walk = new PageWalk(robots, time);
        walk.visit(document);
        LinkBase own = LinkBase.of(raw.request().url(), read.charset()::query);
        LinkBase base = walk.baseHref().map(href -> own.rebased(href, job.limits().maxUrlLength())).orElse(own);

        LinkAudit audit = links(raw, read.scope(), walk, base);
        LinkCollector links = audit.collect(time);
        PageFacts facts = new PageFacts(raw.request(), raw.fetchedAt(), base);
        ParsedPage page = new ParsedPage(raw, document, audit,
                () -> itemRules.explain(facts, read.scope(), new ItemBudget(raw.body().length, time)));
        Items found = itemRules.apply(facts, read.scope(), new ItemBudget(raw.body().length, time));
        List<Item> items = new ArrayList<>(found.items());
        for (Extractor extractor : extractors) {
            time.check();
            items.addAll(extractor.extract(page));
        }
        time.check();

        Content content =
                new Content(raw.body().length, Optional.of(read.charset().name()), Optional.of(Sha256.hex(raw.body())),
                        PageTitle.of(document), links.distinct(), found.dropped());
        List<Link> toFollow = links.toFollow();
        return new Parsed(content, toFollow, links.distinct() - toFollow.size(), items);
    }

    private LinkAudit links(RawPage raw, QueryScope content, PageWalk walk, LinkBase base) {
        boolean obeys = job.politeness().obeyNofollow();
        boolean mayFollow =
                !obeys || !(walk.isNofollow() || robots.forbidFollowing(raw.headers().values("X-Robots-Tag")));
        return LinkAudit.of(walk, linkRules, content, mayFollow, obeys, base, job.limits());
    }
}
