package fanout.internal.parse;

import static fanout.internal.parse.TestPages.html;
import static fanout.internal.parse.TestPages.job;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.limit.DocumentRoom;
import fanout.internal.markup.NeedsTree;
import fanout.internal.markup.RandomMarkup;
import fanout.internal.parse.PageParser.ParseResult;
import fanout.internal.parse.PageParser.ParseResult.Parsed;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.job.ExtractRule;
import fanout.job.Field;
import fanout.job.FollowRule;
import fanout.job.Limits;
import fanout.job.Politeness;
import fanout.job.Selector;
import fanout.page.Extractor;
import fanout.page.Item;
import fanout.page.PageLink;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import okhttp3.Headers;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A page is scanned, or made a document of; nobody sees which from the result. */
@Timeout(3_600)
class ScanOrTreeTest {

    private static final long PAGES =
            Long.getLong("fanout.pages", Boolean.getBoolean("fanout.ci") ? 10_000 : 1_500) / 3;
    private static final List<Charset> CHARSETS = List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE,
            StandardCharsets.ISO_8859_1, Charset.forName("Shift_JIS"));

    private static CrawlJob.Builder variant(long seed) {
        CrawlJob.Builder job = job().limits(new Limits(10, 10, seed % 3 == 0 ? 3 : 1_000, seed % 4 == 0 ? 28 : 500,
                Duration.ofHours(1), Duration.ofMinutes(1), 1 << 20, 5, 100));
        return seed % 2 == 0 ? job : job.politeness(Politeness.DEFAULT.toBuilder().obeyNofollow(false).build());
    }

    private static RawPage page(String markup, long seed) {
        Charset charset = CHARSETS.get((int) (seed % CHARSETS.size()));
        Headers headers = seed % 7 == 0 ? Headers.of("X-Robots-Tag", "nofollow") : Headers.EMPTY;
        return TestPages.page(TestPages.URL, Optional.empty(),
                seed % 5 == 0 ? "text/html" : "text/html; charset=" + charset.name(), headers,
                seed % 3 == 0 ? noisy(markup.getBytes(charset), seed) : markup.getBytes(charset));
    }

    /** With bytes that begin characters and do not end them, or the other way round. */
    private static byte[] noisy(byte[] page, long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < page.length / 20 + 1 && page.length > 0; i++) {
            page[random.nextInt(page.length)] =
                    (byte) pickOf(random, 0xE2, 0x82, 0xF0, 0x9F, 0xED, 0xA0, 0xC0, 0xF5, 0xEF, 0xBF);
        }
        return page;
    }

    private static int pickOf(Random random, int... octets) {
        return octets[random.nextInt(octets.length)];
    }

    private static CrawlJob.Builder withTree(CrawlJob.Builder job) {
        return job.extract(TestPages.documentJob().build().parsing().extract());
    }

    @Test
    void resultIsTheSameEitherWay() throws InterruptedException {
        long scanned = 0;
        for (long seed = 0; seed < PAGES; seed++) {
            RawPage page = page(RandomMarkup.page(seed), seed);
            PageParser scanner = TestPages.parser(variant(seed).build());
            PageParser treeMaker = TestPages.parser(withTree(variant(seed)).build());
            ParseResult scan = TestPages.within(Duration.ofMinutes(1), () -> TestPages.parse(scanner, page));
            ParseResult tree = TestPages.within(Duration.ofMinutes(1), () -> TestPages.parse(treeMaker, page));
            assertThat(scan).as("seed %d", seed).isInstanceOf(Parsed.class).isEqualTo(tree);
            scanned += scanner.counts().scanned();
            assertThat(treeMaker.counts()).isEqualTo(new ReadingCounts(0, 1, Map.of()));
        }
        assertThat(scanned).isGreaterThan(PAGES / 2);
    }

    @Test
    void extractorsSeeTheSameLinksAndTheSameDocument() throws InterruptedException {
        for (long seed = 0; seed < PAGES / 3; seed++) {
            RawPage page = page(RandomMarkup.page(seed), seed);
            List<List<PageLink>> links = new ArrayList<>();
            List<String> documents = new ArrayList<>();
            Extractor looking = (seen, _) -> {
                documents.add(seen.document().outerHtml());
                seen.document().empty();
                links.add(seen.links());
            };
            TestPages.result(variant(seed).build(), page, looking);
            TestPages.result(withTree(variant(seed)).build(), page, looking);
            assertThat(links.getFirst()).as("seed %d", seed).isEqualTo(links.getLast());
            assertThat(documents.getFirst()).as("seed %d", seed).isEqualTo(documents.getLast());
        }
    }

    private static ReadingCounts countsOf(CrawlJob job, RawPage page, Extractor... extractors)
            throws InterruptedException {
        PageParser parser = TestPages.parser(job, extractors);
        TestPages.within(Duration.ofMinutes(1), () -> TestPages.parse(parser, page));
        return parser.counts();
    }

    @Test
    void treeIsMadeForRulesThatLookAtThePageAndForNoOthers() throws InterruptedException {
        ReadingCounts scanned = new ReadingCounts(1, 0, Map.of());
        ReadingCounts asked = new ReadingCounts(0, 1, Map.of());
        RawPage page = html("<a href=x>x</a>");
        List<Field> fields = List.of(Field.select("f", new Selector.Css("a")).build());
        assertThat(countsOf(job().build(), page)).isEqualTo(scanned);
        assertThat(countsOf(job().follow(List.of()).build(), page)).as("follows nothing").isEqualTo(scanned);
        assertThat(countsOf(job().follow(List.of(new FollowRule(new Selector.Css("a"), "href", Optional.empty())))
                .build(), page)).isEqualTo(asked);
        assertThat(countsOf(job().extract(List.of(new ExtractRule("r", Optional.empty(), Optional.of("other"),
                Optional.empty(), fields))).build(), page)).as("a rule for other pages").isEqualTo(scanned);
        assertThat(countsOf(job().extract(List.of(new ExtractRule("r", Optional.empty(), Optional.empty(),
                Optional.empty(), fields))).build(), page)).isEqualTo(asked);
        assertThat(countsOf(job().build(), TestPages.page("application/xhtml+xml", page.body()))).isEqualTo(asked);
        assertThat(countsOf(job().build(), html("<frameset><frame src=x>")))
                .isEqualTo(new ReadingCounts(0, 0, Map.of(NeedsTree.FRAMES, 1L)));
    }

    @Test
    void extractorsShareOneDocumentThatIsMadeWhenTheFirstAsks() throws InterruptedException {
        List<Document> seen = new ArrayList<>();
        Extractor asking = (page, _) -> seen.add(page.document());
        Extractor counting = (page, results) -> results
                .item(Item.of(page.request().url(), "length", Map.of("bytes", page.body().length)));
        assertThat(countsOf(job().build(), html("<title>t</title>"), counting, asking, asking).scanned()).isOne();
        assertThat(seen).hasSize(2).allSatisfy(document -> assertThat(document).isSameAs(seen.getFirst()));
        assertThat(seen.getFirst().title()).isEqualTo("t");
        Extractor ofStatus = (page, results) -> results
                .item(Item.of(page.request().url(), "status", Map.of("status", page.head().status())));
        Parsed parsed = (Parsed) TestPages.result(job().build(), html("<title>t</title>"), ofStatus);
        assertThat(parsed.items()).singleElement()
                .satisfies(item -> assertThat(item.fields()).containsEntry("status", 200));
    }

    /** If the scan kept its room while it waits for the document's, this page would wait for itself. */
    @Test
    void pageThatNeedsATreeAfterAllGivesItsRoomBackFirst() throws InterruptedException {
        RawPage page = html("<frameset><frame src=x>" + "text ".repeat(10_000));
        DocumentRoom measure = new DocumentRoom(1, 1 << 30, Ticker.system());
        long most = Math.max(measure.largestScan(page.body()),
                new DocumentRoom(1, 1, Ticker.system()).largestDocument(page.body()));
        PageParser parser = new PageParser(job().build(), List.of(), new DocumentRoom(1, most, Ticker.system()),
                Ticker.system());
        ParseResult result = TestPages.within(Duration.ofSeconds(10), () -> TestPages.parse(parser, page));
        assertThat(TestPages.urls((Parsed) result)).containsExactly("http://example.org/dir/x");
    }

    /** A page of eight megabytes as a document takes more than this room has; as links it fits. */
    @Test
    void pageThatIsOnlyScannedNeedsNoRoomForADocument() throws InterruptedException {
        RawPage page = html("<p><a href=x>x</a>".repeat(100_000));
        DocumentRoom room = new DocumentRoom(1, 13L * page.body().length, Ticker.system());
        assertThat(room.holds(room.largestDocument(page.body()))).isFalse();
        PageParser parser = new PageParser(job().build(), List.of(), room, Ticker.system());
        ParseResult result = TestPages.within(Duration.ofSeconds(10), () -> TestPages.parse(parser, page));
        assertThat(TestPages.urls((Parsed) result)).containsExactly("http://example.org/dir/x");
    }
}
