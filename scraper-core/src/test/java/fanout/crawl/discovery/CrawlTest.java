package fanout.crawl.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Recorded;
import fanout.job.CrawlJob;
import fanout.job.Politeness;
import fanout.job.Retries;
import fanout.outcome.Outcome;
import fanout.outcome.Reason;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.synthetic.ExpectedPage;
import fanout.synthetic.Fault;
import fanout.synthetic.SyntheticWeb;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole crawls of a web that knows what a correct crawl finds. */
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
            CrawlReport report = scraper.crawl(Jobs.impatient(web).build()).to(recorded).run();

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
            CrawlReport report = scraper.crawl(Jobs.impatient(web).build()).to(recorded).run();

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

    @Test
    void oneNonsensicalAnswerSpoilsNothingElse() throws InterruptedException {
        try (SyntheticWeb web = SyntheticWeb.builder().seed(3).hosts(1).pagesPerHost(20).start()) {
            web.on("/page/7.html", exchange -> exchange.sendRaw(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: -5\r\n\r\nabc"));
            CrawlReport report = scraper.crawl(Jobs.impatient(web).build()).to(recorded).run();

            assertThat(report.finishReason()).isEqualTo(FinishReason.EXHAUSTED);
            assertThat(recorded.only(web.urlOf(0, 7)).reason()).contains(Reason.PROTOCOL);
            assertThat(recorded.urls("ok")).hasSize(19);
            recorded.agreesWith(report);
        }
    }

    @Test
    void serverThatHangsUpAfterEachAnswerLosesNoPage() throws InterruptedException {
        try (SyntheticWeb web = SyntheticWeb.builder().seed(4).hosts(1).pagesPerHost(30).start()) {
            for (int page = 1; page < 30; page++) {
                web.on("/page/" + page + ".html", exchange -> exchange.sendRaw(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\nabc"));
            }
            CrawlJob.Builder job = Jobs.impatient(web)
                    .politeness(Jobs
                            .politeness(new Politeness.Manners(2, Duration.ofMillis(30), false, Duration.ofSeconds(1))))
                    .retries(new Retries(1, Duration.ofMillis(5), Duration.ofMillis(5)));
            for (int page = 1; page < 30; page++) {
                job.startUrl(web.urlOf(0, page));
            }
            CrawlReport report = scraper.crawl(job.build()).to(recorded).run();

            assertThat(recorded.counts()).containsOnly(Map.entry("ok", 30L));
            assertThat(recorded.outcomes()).allSatisfy(outcome -> assertThat(outcome.trail().attempts()).isOne());
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
            case TOO_LARGE -> List.of("failed/body_too_large");
            case DISALLOWED -> List.of("skipped/robots");
        };
    }
}
