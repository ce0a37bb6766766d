package fanout;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.page.CrawlReport;
import fanout.page.FinishReason;
import fanout.page.Outcome;
import fanout.synthetic.ExpectedPage;
import fanout.synthetic.Fault;
import fanout.synthetic.SyntheticWeb;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole crawls against a web that knows what should come out. */
class CrawlTest {

    private Scraper scraper;
    private final Recorded recorded = new Recorded();

    @BeforeEach
    void open() {
        scraper = Scraper.create();
    }

    @AfterEach
    void close() {
        scraper.close();
    }

    @Test
    void crawlFindsExactlyThePagesOfTheWeb() throws InterruptedException {
        try (SyntheticWeb web = SyntheticWeb.builder().seed(1).hosts(3).pagesPerHost(200).manySpellings().start()) {
            CrawlReport report = scraper.crawl(Jobs.impatient(web).build(), recorded);

            assertThat(report.finishReason()).isEqualTo(FinishReason.EXHAUSTED);
            assertThat(recorded.counts()).containsOnlyKeys("ok");
            assertThat(recorded.urls("ok")).containsExactlyInAnyOrderElementsOf(web.expectedPages().keySet());
            recorded.agreesWith(report);
        }
    }

    @Test
    void everyPageEndsAsTheWebSaysItShould() throws InterruptedException {
        try (SyntheticWeb web = SyntheticWeb.builder()
                .seed(2)
                .hosts(2)
                .pagesPerHost(300)
                .fault(new Fault.Flaky(503, 2), 0.05)
                .fault(new Fault.Broken(404), 0.05)
                .fault(new Fault.Moved(302, 2), 0.05)
                .fault(new Fault.Loop(301), 0.02)
                .fault(new Fault.CookieWall(), 0.02)
                .fault(new Fault.Reset(), 0.02)
                .fault(new Fault.Truncated(), 0.02)
                .start()) {
            CrawlReport report = scraper.crawl(Jobs.impatient(web).build(), recorded);

            assertThat(report.finishReason()).isEqualTo(FinishReason.EXHAUSTED);
            Map<String, ExpectedPage> expected = web.expectedPages();
            assertThat(recorded.outcomes()).extracting(Recorded::url)
                    .containsExactlyInAnyOrderElementsOf(expected.keySet());
            for (Outcome outcome : recorded.outcomes()) {
                ExpectedPage page = expected.get(Recorded.url(outcome));
                assertThat(outcome.name() + outcome.reason().map(reason -> "/" + reason).orElse(""))
                        .as("%s", page)
                        .isIn(wordsFor(page.kind()));
            }
            recorded.agreesWith(report);
        }
    }

    private static List<String> wordsFor(ExpectedPage.Kind kind) {
        return switch (kind) {
            case OK -> List.of("ok");
            case REDIRECTED -> List.of("redirected");
            case REDIRECT_LOOP -> List.of("redirected", "failed/too_many_redirects");
            case HTTP_STATUS -> List.of("failed/http_status");
            case CONNECTION -> List.of("failed/connection");
            case TIMEOUT -> List.of("failed/timeout");
            case DISALLOWED -> List.of("skipped/robots");
        };
    }
}
