package fanout.parse;

import fanout.charset.PageCharset;
import fanout.digest.Sha256;
import fanout.item.ItemBudget;
import fanout.item.ItemRules;
import fanout.item.ItemRules.Items;
import fanout.item.PageFacts;
import fanout.job.CrawlJob;
import fanout.job.UserAgent;
import fanout.limit.ParseTime;
import fanout.link.LinkCollector;
import fanout.link.LinkRules;
import fanout.link.LinkSelection;
import fanout.link.PageLinks;
import fanout.link.RobotsDirectives;
import fanout.page.Content;
import fanout.page.Extractor;
import fanout.page.Item;
import fanout.page.Link;
import fanout.page.PageItem;
import fanout.parse.ParseResult.Parsed;
import fanout.url.LinkBase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a job asks of a page: its links, its items, and what the user's extractors make of it. Thread-safe, immutable
 * but for what it counts.
 */
final class PageRules {

    private final CrawlJob job;
    private final List<Extractor> extractors;
    private final ItemRules itemRules;
    private final Optional<LinkRules> linkRules;
    private final RobotsDirectives robots;
    private final FollowTally follows;

    PageRules(CrawlJob job, List<Extractor> extractors) {
        this.job = job;
        this.extractors = List.copyOf(extractors);
        this.itemRules = new ItemRules(job.parsing().extract());
        this.linkRules = job.parsing().follow().map(LinkRules::new);
        this.follows = new FollowTally(linkRules.map(LinkRules::names).orElse(List.of()));
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

    RobotsDirectives robots() {
        return robots;
    }

    /** Whether a page has to be a tree for what is asked: a selector looks at it, or it is no HTML. */
    boolean askForTree(RawPage raw, ParseTime time) {
        return raw.isJson() || raw.isXml() || linkRules.filter(LinkRules::select).isPresent()
                || itemRules.applyTo(raw.request(), time);
    }

    /** Whether an extractor may ask for the tree of any page. */
    boolean mayAskForTree() {
        return !extractors.isEmpty();
    }

    /**
     * Applies them.
     *
     * @throws fanout.limit.ParseStopped if the thread is interrupted or the deadline has passed
     */
    Parsed apply(PageContent content, ParseTime time) throws IOException {
        RawPage raw = content.raw();
        PageLinks found = content.links();
        LinkBase own = LinkBase.of(raw.request().url(), content.charset()::query);
        LinkBase base = found.baseHref().map(href -> own.rebased(href, job.limits().maxUrlLength())).orElse(own);
        LinkSelection selection = select(content, found, base);
        LinkSelection.Collected collected = selection.collect(time);
        LinkCollector links = collected.links();
        follows.add(raw.request().url(), collected.rules());

        PageFacts facts = new PageFacts(raw.request(), raw.fetchedAt(), base);
        Items extracted = itemRules.applyTo(raw.request(), time)
                ? itemRules.apply(facts, content.scope(), new ItemBudget(raw.body().length, time))
                : Items.NONE;
        List<Item> items = new ArrayList<>(extracted.items());
        ParsedPage page = new ParsedPage(content,
                () -> content.treeLinks() == found ? selection : select(content, content.treeLinks(), base),
                () -> linkRules.map(rules -> rules.explained(collected.rules(), content.scope())).orElse(List.of()),
                () -> explain(content, facts, time));
        for (Extractor extractor : extractors) {
            time.check();
            items.addAll(extractor.extract(page));
        }
        time.check();

        Content said = new Content(raw.body().length, Optional.of(content.charset().name()),
                Optional.of(Sha256.hex(raw.body())), content.title().flatMap(PageTitle::of), collected.onPage(),
                extracted.dropped());
        List<Link> toFollow = links.toFollow();
        return new Parsed(said, toFollow, links.distinct() - toFollow.size(), items);
    }

    private List<PageItem> explain(PageContent content, PageFacts facts, ParseTime time) {
        return itemRules.applyTo(facts.request(), time)
                ? itemRules.explain(facts, content.scope(), new ItemBudget(content.raw().body().length, time))
                : List.of();
    }

    private LinkSelection select(PageContent content, PageLinks found, LinkBase base) {
        boolean obeys = job.politeness().obeyNofollow();
        boolean mayFollow = !obeys || !(found.isNofollow()
                || robots.forbidFollowing(content.raw().headers().values("X-Robots-Tag")));
        return LinkSelection.of(found, linkRules, content::scope, mayFollow, obeys, base, job.limits());
    }
}
