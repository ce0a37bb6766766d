package fanout.parse;

import fanout.item.ItemBudget;
import fanout.job.CrawlJob;
import fanout.json.MalformedJson;
import fanout.limit.DocumentRoom;
import fanout.limit.ParseStopped;
import fanout.limit.ParseTime;
import fanout.markup.NeedsTree;
import fanout.markup.PageScan;
import fanout.outcome.Failure;
import fanout.page.Extractor;
import fanout.parse.PageContent.Scanned;
import fanout.parse.ParseResult.Unparsed;
import fanout.task.Deadline;
import fanout.task.Stage;
import fanout.task.StageListener;
import fanout.task.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Turns fetched pages into links, titles and items. A page of HTML is read once, as a stream, see {@link PageScan}; jsoup's
 * document is made of it if a rule of the job looks at this page, if an extractor asks for it, or if the stream's order need not
 * be the document's. {@link #counts} says how often.
 *
 * <p>Thread-safe and immutable, but for the {@link DocumentRoom} that crawls share: about as many pages as there are processors
 * are parsed at once, fewer if they are large, and others wait, so documents in memory are bounded. A page that is only scanned
 * takes little room; one that needs a document after all gives that back, and waits for more. The document is dropped when
 * {@link #parse} returns.
 *
 * <p>A parse lets other threads run every few milliseconds, see {@link ParseTime}.
 *
 * <p>Interruption and the current {@link Deadline} end a wait for room at once, and a parse within some milliseconds
 * (between two pieces of the body, some hundred elements that a selector looks at, some thousand characters that a pattern
 * reads, two values, two extractors). Markup that defeats the parser, a stack overflow in a selector, JSON that is none, one with more items than a page may have ({@link ItemBudget}) and an
 * exception from an extractor are {@link Failure.Parse}; errors of the virtual machine are thrown.
 */
public final class PageParser {

    private static final int LONGEST_DETAIL = 200;

    private final Duration limit;
    private final PageRules rules;
    private final boolean looksIntoJson;
    private final DocumentRoom room;
    private final Ticker ticker;
    private final Readings readings = new Readings();

    /** What is done with a page inside; empty if it needs a tree, and has none. */
    @FunctionalInterface
    private interface Reading {
        Optional<ParseResult> read(ParseTime time) throws IOException;
    }

    /**
     * A parser for one crawl.
     *
     * @param room for the documents of all crawls of this process
     */
    public PageParser(CrawlJob job, List<Extractor> extractors, DocumentRoom room, Ticker ticker) {
        this.limit = job.limits().requestTimeout();
        this.rules = new PageRules(job, extractors);
        this.looksIntoJson = job.parsing().looksIntoJson();
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
        Deadline enclosing = Deadline.current();
        boolean asked;
        try {
            asked = rules.askForTree(page, new ParseTime(enclosing));
        } catch (UncheckedIOException e) { // of patterns that take too long on this URL
            return stopped(enclosing);
        }
        if (asked) {
            readings.asked();
        } else {
            Optional<ParseResult> result = inRoom(sizeOfScan(page), listener, time -> scan(page, time));
            if (result.isPresent()) {
                return result.get();
            }
        }
        return inRoom(sizeOfTree(page), listener, time -> Optional.of(tree(page, time))).orElseThrow();
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

    /** JSON-LD is in a page twice: as the text of an element, and as what is made of it. */
    private long sizeOfTree(RawPage page) {
        long document = page.isJson() ? 0 : room.largestDocument(page.body());
        return document + (page.isJson() || looksIntoJson ? room.largestJson(page.body()) : 0);
    }

    private Optional<ParseResult> scan(RawPage page, ParseTime time) throws IOException {
        return switch (PageContent.scan(page, rules.charset(page), rules.robots(), time)) {
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

    private ParseResult tree(RawPage page, ParseTime time) throws IOException {
        return rules.apply(PageContent.withTree(page, rules.charset(page), rules.robots(), time), time);
    }

    private Optional<ParseResult> inRoom(long size, StageListener listener, Reading reading)
            throws InterruptedException {
        if (!room.holds(size)) {
            return Optional.of(new Unparsed(new Failure.Parse(
                    "more markup than the memory can hold as a document; a larger heap (-Xmx) holds it")));
        }
        Deadline enclosing = Deadline.current();
        DocumentRoom.Stay stay = room.stay(this, size);
        Optional<Stage> late = stay.enter(enclosing, listener);
        if (late.isPresent()) {
            return Optional.of(new Unparsed(new Failure.TimedOut(late.get(), enclosing.limit())));
        }
        try {
            return Deadline.after(limit, ticker).within(() -> inside(listener, reading, stay));
        } finally {
            stay.leave();
        }
    }

    private Optional<ParseResult> inside(StageListener listener, Reading reading, DocumentRoom.Stay stay)
            throws InterruptedException {
        Deadline deadline = Deadline.current();
        listener.entered(Stage.PARSE, deadline);
        ParseTime time = new ParseTime(deadline, stay);
        try {
            return time.within(() -> reading.read(time));
        } catch (ParseStopped e) {
            return Optional.of(stopped(deadline));
        } catch (MalformedJson e) {
            return Optional.of(new Unparsed(new Failure.Parse(String.valueOf(e.getMessage()))));
        } catch (UncheckedIOException e) {
            return Optional.of(e.getCause() instanceof ParseStopped ? stopped(deadline) : failed(e));
        } catch (IOException | RuntimeException | StackOverflowError e) {
            return Optional.of(failed(e));
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
}
