package fanout.internal.parse;

import static fanout.internal.parse.TestPages.html;
import static fanout.internal.parse.TestPages.job;
import static fanout.internal.parse.TestPages.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import fanout.internal.codec.PageCharset;
import fanout.internal.limit.DocumentRoom;
import fanout.internal.limit.ParseStopped;
import fanout.internal.limit.ParseTime;
import fanout.internal.parse.PageContent.LinkReading;
import fanout.internal.parse.PageContent.PageText;
import fanout.internal.parse.PageContent.Scanned;
import fanout.internal.parse.PageLinks.RobotsDirectives;
import fanout.internal.parse.PageParser.ParseResult;
import fanout.internal.parse.PageParser.ParseResult.Parsed;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages made to hold a scan, or to fill the memory. */
@Timeout(120)
class HostileScanTest {

    private static final boolean CI = Boolean.getBoolean("fanout.ci");
    /** The document of a page of this length, where one is made, fits into a test's heap. */
    private static final int LARGE = CI ? 2 << 20 : 1 << 18;
    /** What takes a time in proportion to the square of the length takes many times as long. */
    private static final Duration MOST = Duration.ofSeconds(CI ? 60 : 15);
    private static final LinkReading READING =
            new LinkReading(new RobotsDirectives("bot"), false);
    private static final PageCharset UTF_8 = PageCharset.detect("text/html; charset=utf-8", new byte[0]);
    private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

    private static ParseTime time() {
        return new ParseTime(Deadline.after(Duration.ofMinutes(1), Ticker.system()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<", "</", "<!", "<?", "&", "<a href=", "<a href=\"", "<a href='x", "<a href=x>", "<a href=&x;>",
                "<a href=\"&notit;\">", "<a b ", "<a b=c ", "<!--", "<!-- -", "<!--->", "--!", "<script>",
                "<script><!--", "</script",
                "<title>", "<title>&", "<title></titl", "<textarea>", "<svg>", "<svg><g>", "<noscript>", "<table>",
                "<table><tr><td>",
                "<b><p>", "<p><b>", "</p>", "<li>", "<div></b>", "<form>", "<x y='>", "<meta name=robots content=",
                "<base href=x>"})
    void timeForAPageIsInProportionToItsLength(String unit) throws InterruptedException {
        RawPage page = html("<title>t</title><body>" + unit.repeat(LARGE / unit.length()));
        DocumentRoom room = new DocumentRoom(1, Long.MAX_VALUE, Ticker.system());
        PageParser parser = new PageParser(job().build(), List.of(), room, Ticker.system());
        ParseResult result = within(MOST, () -> TestPages.parse(parser, page));
        assertThat(result).isInstanceOf(Parsed.class);
    }

    @Test
    void deadlineEndsAScan() {
        ParseTime passed = new ParseTime(
                new Deadline(Ticker.system(), Ticker.system().nanos() - 1, Duration.ofSeconds(1), false));
        assertThatExceptionOfType(ParseStopped.class)
                .isThrownBy(() -> PageContent.scan(html("<p>"), UTF_8, READING, passed));
    }

    @Test
    void interruptionEndsAScan() {
        RawPage page = html("<p>");
        Thread.currentThread().interrupt();
        try {
            assertThatExceptionOfType(ParseStopped.class)
                    .isThrownBy(() -> PageContent.scan(page, UTF_8, READING, time()));
        } finally {
            assertThat(Thread.interrupted()).as("flag").isTrue();
        }
    }

    private static long usedHeap() {
        System.gc();
        return MEMORY.getHeapMemoryUsage().getUsed();
    }

    private static long measured(RawPage page) throws Exception {
        List<Object> kept = new ArrayList<>();
        long before = usedHeap();
        kept.add(PageText.read(page, UTF_8, time()));
        Scanned scanned = PageContent.scan(page, UTF_8, READING, time());
        kept.add(scanned);
        long bytes = usedHeap() - before;
        assertThat(scanned).isInstanceOf(Scanned.Whole.class);
        assertThat(kept).hasSize(2);
        return bytes;
    }

    /** Each is measured with collections of the whole heap: every third where a build is waited for, and all in CI. */
    static Stream<String> pages() {
        List<String> units = List.of("<a href>", "<a href=x>", "<a href=漢>", "<area href=xy>", "<a href=&amp>",
                "<a href=x rel=nofollow>", "<a href=/page-12345678.html>title text</a>\n", "lorem ipsum ", "漢");
        return IntStream.range(0, units.size()).filter(i -> CI || i % 3 == 0).mapToObj(units::get);
    }

    /** The heap is everybody's: other tests in this JVM may add to what is measured, or take from it. */
    @ParameterizedTest
    @MethodSource("pages")
    void noScanTakesMoreThanItIsEstimatedAt(String unit) throws Exception {
        RawPage page = html("<body>" + unit.repeat((1 << 19) / unit.length()));
        long estimate = new DocumentRoom(1, 1, Ticker.system()).largestScan(page.body());
        for (int i = 0; i < 3 && measured(page) > estimate; i++) {
            assertThat(i).as("estimated at %d bytes, and takes more", estimate).isLessThan(2);
        }
    }
}
