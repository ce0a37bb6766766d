package fanout.internal.parse;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.limit.DocumentRoom;
import fanout.internal.markup.NeedsTree;
import fanout.internal.parse.PageParser.ParseResult;
import fanout.internal.parse.PageParser.ParseResult.Parsed;
import fanout.internal.parse.PageParser.ParseResult.Unparsed;
import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.job.ExtractRule;
import fanout.job.Field;
import fanout.job.Selector;
import fanout.outcome.Stage;
import fanout.page.Extractor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How much room a page asks for, to the byte: where that is all there is it gets in, and with one less it does not. */
class ParsingRoomTest {

    private static final DocumentRoom MEASURE = new DocumentRoom(1, 1, Ticker.system());
    private static final RawPage HTML = TestPages.html("<title>t</title><p>text <a href=x>x</a>");
    private static final RawPage JSON =
            TestPages.page("application/json", "{\"a\": [1, 2]}".getBytes(StandardCharsets.UTF_8));

    private final List<Stage> stages = new ArrayList<>();

    private ParseResult parseIn(long room, CrawlJob job, RawPage page, Extractor... extractors)
            throws InterruptedException {
        stages.clear();
        PageParser parser =
                new PageParser(job, List.of(extractors), new DocumentRoom(1, room, Ticker.system()), Ticker.system());
        return TestPages.within(Duration.ofSeconds(20), () -> parser.parse(page, (stage, _) -> stages.add(stage)));
    }

    private void assertAsksFor(long room, CrawlJob job, RawPage page, Extractor... extractors)
            throws InterruptedException {
        assertThat(parseIn(room, job, page, extractors)).isInstanceOf(Parsed.class);
        assertThat(stages).endsWith(Stage.PARSE);
        assertThat(parseIn(room - 1, job, page, extractors)).isInstanceOf(Unparsed.class);
    }

    private static CrawlJob looking(Selector selector) {
        return TestPages.job()
                .extract(List.of(new ExtractRule("none", Optional.empty(), Optional.empty(), Optional.empty(),
                        List.of(Field.select("none", selector).build()))))
                .build();
    }

    @Test
    void aPageThatIsScannedAsksForItsScan() throws InterruptedException {
        assertAsksFor(MEASURE.largestScan(HTML.body()), TestPages.job().build(), HTML);
    }

    @Test
    void anExtractorMayAskForTheDocumentAsWell() throws InterruptedException {
        assertAsksFor(MEASURE.largestScan(HTML.body()) + MEASURE.largestDocument(HTML.body()), TestPages.job().build(),
                HTML,
                (_, _) -> {});
    }

    @Test
    void aRuleAsksForTheDocumentAlone() throws InterruptedException {
        assertAsksFor(MEASURE.largestDocument(HTML.body()), TestPages.documentJob().build(), HTML);
    }

    @Test
    void aRuleForJsonLdAsksForDocumentAndJson() throws InterruptedException {
        assertAsksFor(MEASURE.largestDocument(HTML.body()) + MEASURE.largestJson(HTML.body()),
                looking(new Selector.Json("/a")), HTML);
    }

    @Test
    void aPageOfJsonAsksForItsJson() throws InterruptedException {
        assertAsksFor(MEASURE.largestJson(JSON.body()), TestPages.job().build(), JSON);
    }

    @Test
    void countsHaveTheirReasons() {
        NeedsTree reason = NeedsTree.TEMPLATE;
        assertThat(new ReadingCounts(1, 2, Map.of(reason, 3L)).needed()).containsExactly(Map.entry(reason, 3L));
    }
}
