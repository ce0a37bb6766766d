package fanout.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.json.JsonReader;
import fanout.internal.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentSizeTest {

    private static final int PAGE_BYTES = 1 << 19;
    /** The most that a document of a page of text, tags and links may be estimated at, in a heap of 256 MiB. */
    private static final long ROOM = 90L << 20;
    private static final int LARGE_PAGE_BYTES = 8 << 20;
    private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

    private static byte[] pageOf(String unit, int bytes) {
        byte[] repeated = unit.getBytes(StandardCharsets.UTF_8);
        byte[] page = "<body>".repeat(bytes / 6 + 1).substring(0, bytes).getBytes(StandardCharsets.UTF_8);
        for (int i = 6; i < bytes; i++) {
            page[i] = repeated[(i - 6) % repeated.length];
        }
        return page;
    }

    private static long usedHeap() {
        System.gc();
        return MEMORY.getHeapMemoryUsage().getUsed();
    }

    /** What the document takes once it is there. */
    private static long measured(byte[] page) {
        long before = usedHeap();
        Parser parser = Parser.htmlParser();
        parser.setMaxDepth(512);
        Document document = parser.parseInput(
                new InputStreamReader(new ByteArrayInputStream(page), StandardCharsets.UTF_8), "http://example.org/");
        long bytes = usedHeap() - before;
        assertThat(document.body()).isNotNull();
        return bytes;
    }

    /** The heap is everybody's: other tests in this JVM may add to what is measured, or take from it. */
    private static void assertIsEnough(byte[] page) {
        long estimate = DocumentSize.byTags(page);
        for (int i = 0; i < 3 && measured(page) > estimate; i++) {
            assertThat(i).as("estimated at %d bytes, and takes more", estimate).isLessThan(2);
        }
        assertThat(estimate).isLessThanOrEqualTo(DocumentSize.ofAnyPage(page.length));
    }

    /**
     * Each is measured with collections of the whole heap, so a build that people wait for measures every eighth, and
     * CI every third.
     */
    private static Stream<String> sample(String... units) {
        int step = Boolean.getBoolean("fanout.ci") ? 3 : 8;
        return IntStream.range(0, units.length).filter(i -> i % step == 0).mapToObj(i -> units[i]);
    }

    static Stream<String> pages() {
        return sample("lorem ipsum ", "lorem ipsuṁ ", "<p>lorem ipsum dolor sit amet</p>\n",
                "<a href=\"/page-12345678.html\">title text</a>\n", "<b>x</b>", "<p>x", "<i>x", "<i>漢", "</p>x",
                "</p>漢",
                "x<br>", "<br>漢", "<!>漢", "<li a>x", "<a a=b>", "<a a=b>x", "<a a=漢>漢", "<p a=漢 b=漢>漢", "<p>漢x</p>",
                "<b><i><u><p>x", "<B><I><U><P>x", "<b ><i/><u\n><p>x", "<a><b><i><p></a>x", "<b><p>x</b>",
                "<b><i><u><p></b></i></u>x", "<a><b><p>x", "<nobr><b><p>x", "<div><b>x</div>", "<div><b><i><a>x</div>",
                "<p><font a=b>x", "<b><a><p>x<a>",
                "<table>x", "<table><b>x", "<table><b><i><u>x", "<b><td>x", "<i>", "<select><option>x", "<svg><g>x",
                "<?a b>x");
    }

    @ParameterizedTest
    @MethodSource("pages")
    void noPageOfTheseTakesMoreThanItIsEstimatedAt(String unit) {
        assertIsEnough(pageOf(unit, PAGE_BYTES));
    }

    /** As many different attributes as an element keeps, written so that each takes as much as it can. */
    @ParameterizedTest
    @ValueSource(strings = {"a%x=%x ", "a%x ", "a%x=\">\" ", "a%x='%x'", "a%x/"})
    void attributesCountWhereverTheyStand(String attribute) {
        String unit = IntStream.range(0, 50)
                .mapToObj(tag -> IntStream.range(tag * 500, tag * 500 + 500)
                        .mapToObj(i -> attribute.formatted(i, i))
                        .collect(Collectors.joining("", "<i ", ">")))
                .collect(Collectors.joining());
        assertIsEnough(pageOf(unit, PAGE_BYTES / 4)); // jsoup compares each attribute with all others
    }

    static Stream<String> documentsOfJson() {
        return sample("0,", "10,", "\"\",", "\"x\",", "\"漢\",", "[],", "{},", "[0],", "[[0]],", "{\"\":0},",
                "{\"\":{\"\":[]}},", "{\"a\":\"b\",\"c\":\"d\"},", "1.5,", "null,", "\"lorem ipsum dolor sit amet\",");
    }

    @ParameterizedTest
    @MethodSource("documentsOfJson")
    void noJsonOfTheseTakesMoreThanItIsEstimatedAt(String unit) throws IOException {
        int count = PAGE_BYTES / unit.getBytes(StandardCharsets.UTF_8).length;
        String json = "[" + unit.repeat(count) + "0]";
        long estimate = DocumentSize.ofJson(json.getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < 3 && measured(json) > estimate; i++) {
            assertThat(i).as("estimated at %d bytes, and takes more", estimate).isLessThan(2);
        }
    }

    private static long measured(String json) throws IOException {
        long before = usedHeap();
        JsonValue document = JsonReader.read(new StringReader(json));
        long bytes = usedHeap() - before;
        assertThat(document).isInstanceOf(JsonValue.Elements.class);
        return bytes;
    }

    @Test
    void attributesBehindAQuotedTagCount() {
        String attributes = IntStream.range(0, 500).mapToObj(i -> "b%04x ".formatted(i)).collect(Collectors.joining());
        assertThat(DocumentSize.byTags(pageOf("<i t=\"<>\" " + attributes + ">", PAGE_BYTES)))
                .isGreaterThan((PAGE_BYTES - 10_000) / "b0000 ".length() * 48L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"lorem ipsum ", "lorem ipsuṁ ", "<p>lorem ipsum dolor sit amet consectetur adipiscing</p>\n",
                "<a href=\"/page-12345678.html\">title text</a>\n"})
    void largePageOfAHeapOf256MiBFits(String unit) {
        assertThat(DocumentSize.byTags(pageOf(unit, LARGE_PAGE_BYTES))).isLessThan(ROOM);
    }
}
