package fanout.internal.parse;

import static fanout.internal.parse.TestPages.documentJob;
import static fanout.internal.parse.TestPages.html;
import static fanout.internal.parse.TestPages.job;
import static fanout.internal.parse.TestPages.page;
import static fanout.internal.parse.TestPages.parse;
import static fanout.internal.parse.TestPages.result;
import static fanout.internal.parse.TestPages.urls;
import static fanout.internal.parse.TestPages.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import fanout.internal.limit.DocumentRoom;
import fanout.internal.parse.PageParser.ParseResult;
import fanout.internal.parse.PageParser.ParseResult.Parsed;
import fanout.internal.parse.PageParser.ParseResult.Unparsed;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.job.FollowRule;
import fanout.job.Selector;
import fanout.outcome.Failure;
import fanout.outcome.Stage;
import fanout.page.Content;
import fanout.page.Extractor;
import fanout.page.Item;
import fanout.page.Page;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import okhttp3.Headers;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PageParserTest {

    private static final boolean CI = Boolean.getBoolean("fanout.ci");
    /** More than a stack has room for. */
    private static final int DEEP = CI ? 100_000 : 30_000;

    /** A tag name of megabytes, which jsoup takes minutes for. */
    private static final RawPage ENDLESS = html("<" + "x".repeat(8 << 20) + ">");

    @Test
    void tellsWhatIsInThePage() throws InterruptedException {
        byte[] body = "<title> A \n page </title><a href=b.html>b</a>".getBytes(StandardCharsets.UTF_8);
        Parsed parsed = parse(page("text/html", body));
        assertThat(parsed.content()).isEqualTo(new Content(body.length, Optional.of("UTF-8"),
                Optional.of("1aad5efb35d67fb8b4b5bcd14ae20df8dea3a825be4a3b8ce774424109f0d094"), Optional.of("A page"),
                1, 0));
        assertThat(urls(parsed)).containsExactly("http://example.org/dir/b.html");
        assertThat(parsed.dropped()).isZero();
        assertThat(parsed.items()).isEmpty();
    }

    @Test
    void hashesTheBodyWithSha256() throws InterruptedException {
        assertThat(parse(page("text/html", "abc".getBytes(StandardCharsets.US_ASCII))).content().hash())
                .as("the example of FIPS 180")
                .contains("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "<title>a</title><title>b</title>                     | a",
        "<body><p>x</p></body><title>late</title>              | late",
        "<svg><title>drawing</title></svg>                     | ",
        "<title>a &amp; b &lt;c&gt; &#233;</title>              | a & b <c> é",
        "<title><b>bold</b></title>                            | <b>bold</b>",
        "<title>  </title>                                     | ",
        "<title>\u200Ba\u00AD \t\f b\u00A0\u2003</title>   | \u200Ba\u00AD b\u00A0\u2003",
        "<title>never closed                                   | never closed",
        "<p>no title                                           | ",
        "                                                      | "})
    void takesTheFirstTitleOfTheDocument(String html, String title) throws InterruptedException {
        assertThat(parse(html(html == null ? "" : html)).content().title()).isEqualTo(Optional.ofNullable(title));
    }

    @Test
    void cutsATitleOfMegabytes() throws InterruptedException {
        assertThat(parse(html("<title>" + "x".repeat(2 << 20))).content().title()).contains("x".repeat(10_000));
    }

    @Test
    void readsXhtmlAsXml() throws InterruptedException {
        byte[] body = """
                <?xml version="1.0" encoding="ISO-8859-1"?>
                <html xmlns="http://www.w3.org/1999/xhtml"><head><script src="x.js"/><title>T\u00e9</title></head>
                <body><a href="b"/><div/></body></html>""".getBytes(StandardCharsets.ISO_8859_1);
        Parsed parsed = parse(page("application/xhtml+xml", body));
        assertThat(parsed.content().title()).contains("T\u00e9");
        assertThat(parsed.content().charset()).contains("ISO-8859-1");
        assertThat(urls(parsed)).containsExactly("http://example.org/dir/b");
    }

    @Test
    void aDocumentThatNeverFitsIntoMemoryNamesItsCure() throws InterruptedException {
        PageParser parser =
                new PageParser(job().build(), List.of(), new DocumentRoom(1, 1 << 10, Ticker.system()),
                        Ticker.system());

        ParseResult result = TestPages.within(Duration.ofMinutes(1),
                () -> TestPages.parse(parser, html("<p>x".repeat(10_000))));
        assertThat(result).isEqualTo(new Unparsed(new Failure.Parse(
                "more markup than the memory can hold as a document; a larger heap (-Xmx) holds it")));
    }

    @Test
    void survivesEmptyAndBinaryBodies() throws InterruptedException {
        assertThat(parse(html("")).content().links()).isZero();
        byte[] noise = new byte[200_000];
        new java.util.Random(7).nextBytes(noise);
        assertThat(parse(page("text/html", noise)).content().bytes()).isEqualTo(200_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<div>", "<b>", "<a href=x>", "<table><tr><td>", "<ul><li>", "<svg>", "<template>",
        "<b><p>",
        "<font id=1><div>", "<form>", "<select><option>", "<math><mi>", "<ruby><rt>", "</p>", "<!--", "<", "&a"})
    void copesWithTagsNestedAsDeeplyAsThereAreTags(String tag) throws InterruptedException {
        RawPage page = html(tag.repeat(DEEP) + "<!-- --><a href=\"y\">y</a>");
        ParseResult scanned = result(job().build(), page);
        assertThat(scanned).isInstanceOf(Parsed.class);
        assertThat(result(documentJob().build(), page)).isEqualTo(scanned);
    }

    @Test
    void aPageThatDefeatsAnExtractorIsAFailureOfThatPage() throws InterruptedException {
        Extractor broken = (page, _) -> {
            throw new IllegalStateException("no price in " + page.document().title());
        };
        Extractor forgetful = (_, results) -> results.item(null);
        Extractor bottomless = (page, _) -> descend(page, 0);
        RawPage page = html("<title>t</title>");
        assertThat(result(job().build(), page, broken))
                .isEqualTo(new Unparsed(new Failure.Parse("IllegalStateException: no price in t")));
        assertThat(((Unparsed) result(job().build(), page, forgetful)).failure().detail())
                .contains("NullPointerException");
        assertThat(((Unparsed) result(job().build(), page, bottomless)).failure().detail())
                .contains("StackOverflowError");
    }

    private static List<Item> descend(Page page, int depth) {
        List<Item> items = depth == Integer.MAX_VALUE ? List.of() : descend(page, depth + 1);
        return List.copyOf(items);
    }

    @Test
    void extractorsSeeThePageAndTheirItemsComeAfterThoseBefore() throws InterruptedException {
        Extractor first = (page, results) -> results.item(item(page, "first", page.document().title()));
        Extractor second = (page, results) -> results
                .item(item(page, "second", page.document().selectFirst("a").absUrl("href")));
        RawPage raw = html("<base href=/base/><title>t</title><a href=b>");
        Parsed parsed = (Parsed) result(job().build(), raw, first, second);
        assertThat(parsed.items()).extracting(Item::rule).containsExactly("first", "second");
        assertThat(parsed.items()).extracting(item -> item.fields().get("value"))
                .containsExactly("t", "http://example.org/base/b");
        assertThat(parsed.items().getFirst().url()).isEqualTo(raw.request().url());
    }

    private static Item item(Page page, String name, String value) {
        return Item.of(page.request().url(), name, Map.of("value", value));
    }

    @Test
    void interruptionEndsAParse() throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread parsing = Thread.ofVirtual().unstarted(() -> {
            try {
                result(documentJob().build(), ENDLESS);
            } catch (InterruptedException e) {
                thrown.set(e);
            }
        });
        parsing.start();
        Awaitility.await()
                .until(() -> Stream.of(parsing.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().startsWith("org.jsoup.parser")));
        parsing.interrupt();
        assertThat(parsing.join(Duration.ofSeconds(5))).as("ended").isTrue();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void extractorsSeeBodyAndHeaders() throws InterruptedException {
        RawPage plain = html("<title>t</title>");
        RawPage raw = new RawPage(plain.request(), plain.head(), plain.fetchedAt(),
                Headers.of("X-A", "1", "x-a", "2", "X-B", "3"), plain.contentType(), plain.body());
        Extractor extractor = (page, results) -> results.item(item(page, "seen", page.headers("X-a") + " "
                + page.headers("X-C") + " " + new String(page.body(), StandardCharsets.UTF_8)));
        Parsed parsed = (Parsed) result(job().build(), raw, extractor);
        assertThat(parsed.items().getFirst().fields().get("value")).isEqualTo("[1, 2] [] <title>t</title>");
    }

    @Test
    void interruptionWinsOverWhatTheExtractorMakesOfIt() {
        Extractor interrupted = (_, _) -> {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted");
        };
        Extractor deaf = (_, _) -> Thread.currentThread().interrupt();
        for (Extractor extractor : List.of(interrupted, deaf)) {
            assertThatExceptionOfType(InterruptedException.class)
                    .isThrownBy(() -> result(job().build(), html(""), extractor));
            assertThat(Thread.currentThread().isInterrupted()).as("flag").isFalse();
        }
    }

    @Test
    void aPassedDeadlineEndsAParseAndNamesTheStage() throws InterruptedException {
        Duration limit = Duration.ofMillis(200);
        PageParser parser = TestPages.parser(documentJob().build());
        long start = System.nanoTime();
        ParseResult result = within(limit, () -> TestPages.parse(parser, ENDLESS));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(result).isEqualTo(new Unparsed(new Failure.TimedOut(Stage.PARSE, limit)));
    }

    @Test
    void waitingForRoomIsBoundedByTheDeadlineAndEndedByInterruption() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Extractor holding = TestPages.holding(inside, leave);
        PageParser parser =
                new PageParser(job().build(), List.of(holding), new DocumentRoom(1, 1 << 20, Ticker.system()),
                        Ticker.system());
        Thread holder = Thread.ofVirtual().start(() -> parseQuietly(parser));
        inside.await();
        assertThat(within(Duration.ofMillis(20), () -> TestPages.parse(parser, html(""))))
                .isEqualTo(new Unparsed(new Failure.TimedOut(Stage.PARSE, Duration.ofMillis(20))));

        Thread waiting = Thread.ofVirtual().start(() -> parseQuietly(parser));
        Awaitility.await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
        waiting.interrupt();
        assertThat(waiting.join(Duration.ofSeconds(5))).isTrue();

        leave.countDown();
        assertThat(holder.join(Duration.ofSeconds(5))).isTrue();
        assertThat(within(Duration.ofSeconds(5), () -> TestPages.parse(parser, html("")))).as("there is room again")
                .isInstanceOf(Parsed.class);
    }

    private static void parseQuietly(PageParser parser) {
        try {
            within(Duration.ofSeconds(30), () -> TestPages.parse(parser, html("")));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static Stream<Arguments> longParses() {
        RawPage siblings = html("<p>x</p>".repeat(CI ? 200_000 : 100_000));
        return Stream.of(arguments(documentJob(), ENDLESS, "Tokeniser"),
                arguments(job().follow(List.of(new FollowRule(new Selector.Css("h1 ~ p"), "href", Optional.empty()))),
                        siblings, "PreviousSibling"));
    }

    /**
     * Each of these parses takes longer than its deadline; if it never waits, no other virtual thread runs until then.
     */
    @ParameterizedTest(name = "in {2}")
    @MethodSource("longParses")
    void otherVirtualThreadsRunWhilePagesAreParsed(CrawlJob.Builder job, RawPage page, String where)
            throws InterruptedException {
        Duration limit = Duration.ofSeconds(8);
        PageParser parser = TestPages.parser(job.build());
        List<Thread> threads = Stream.generate(() -> Thread.ofVirtual().start(() -> {
            try {
                within(limit, () -> TestPages.parse(parser, page));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        })).limit(Runtime.getRuntime().availableProcessors()).toList();
        Awaitility.await().until(() -> threads.stream().allMatch(thread -> isIn(where, thread)));
        long start = System.nanoTime();
        Thread other = Thread.ofVirtual().start(() -> {});
        assertThat(other.join(limit)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(limit.dividedBy(2));
        assertThat(threads).as("parse on").allMatch(Thread::isAlive);
        for (Thread thread : threads) {
            thread.interrupt();
            thread.join();
        }
    }

    private static boolean isIn(String type, Thread thread) {
        return Arrays.stream(thread.getStackTrace()).anyMatch(frame -> frame.getClassName().contains(type));
    }

    @Test
    void oneParserServesManyThreads() throws InterruptedException {
        CrawlJob job = job().build();
        PageParser parser = TestPages.parser(job);
        List<AtomicReference<ParseResult>> results =
                Stream.generate(AtomicReference<ParseResult>::new).limit(64).toList();
        List<Thread> threads = new java.util.ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            int number = i;
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    RawPage page =
                            html("<title>" + number + "</title>" + "<p><a href=" + number + ">x</a>".repeat(500));
                    results.get(number).set(within(Duration.ofSeconds(30), () -> TestPages.parse(parser, page)));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (int i = 0; i < results.size(); i++) {
            Parsed parsed = (Parsed) results.get(i).get();
            assertThat(parsed.content().title()).contains(String.valueOf(i));
            assertThat(urls(parsed)).containsExactly("http://example.org/dir/" + i);
        }
    }
}
