package fanout.crawl.ending;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Recorded;
import fanout.crawl.fixtures.RunningCrawl;
import fanout.job.CrawlJob;
import fanout.job.Politeness;
import fanout.job.Politeness.Manners;
import fanout.job.Retries;
import fanout.outcome.Outcome;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.synthetic.Handler;
import fanout.synthetic.SyntheticWeb;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A crawl over the network that is drained. */
class DrainTest {

    private final Scraper scraper = Scraper.create();
    private final Recorded recorded = new Recorded();

    @AfterEach
    void close() {
        scraper.close();
    }

    /** Work of every kind is in flight or waits. After the drain only what is in flight ends. */
    @Test
    void startsNothingNewAndLetsWhatIsInFlightEnd() throws InterruptedException {
        CountDownLatch gate = new CountDownLatch(1);
        Handler held = gated(gate, exchange -> exchange.respond(200, "text/html", "<a href=/new>new</a>"));
        try (SyntheticWeb web = SyntheticWeb.builder().hosts(4).pagesPerHost(1).start()) {
            web.on("/held", held)
                    .on("/flaky", exchange -> exchange.respond(503, "text/html", ""))
                    .on("/flaky-later", gated(gate, exchange -> exchange.respond(503, "text/html", "")))
                    .on("/moved",
                            gated(gate, exchange -> exchange.respond(302, Map.of("Location", "/target"), new byte[0])))
                    .on("/robots.txt", exchange -> {
                        if (exchange.host() == 2) {
                            gate.await();
                        }
                        exchange.respond(404, "text/plain", "");
                    });
            CrawlJob job = Jobs.impatient(web.urlOf(0, "/flaky"), web.urlOf(0, "/held"), web.urlOf(0, "/moved"),
                    web.urlOf(0, "/flaky-later"), web.urlOf(2, "/behind-robots"), web.urlOf(1, "/held"),
                    web.urlOf(3, "/untouched"))
                    .concurrency(5)
                    // Once its robots.txt is read, the last host has to wait.
                    .politeness(patientWith(web.hostOf(3)))
                    .retries(new Retries(3, Duration.ofSeconds(20), Duration.ofSeconds(20)))
                    .build();
            try (RunningCrawl running = new RunningCrawl(scraper.crawl(job).to(recorded).build())) {
                // Four robots.txt, /flaky, and the requests that wait for the gate.
                long arrivals = 9;
                RunningCrawl.until(() -> web.inFlight() == 5 && web.arrivalCount() == arrivals);

                running.crawl().drain();
                gate.countDown();
                CrawlReport report = running.report();

                assertThat(web.arrivalCount()).as("%s", web.arrivals()).isEqualTo(arrivals);
                Crawls.assertNothingIsLeft(report, web);
                recorded.agreesWith(report);
                assertThat(report.finishReason()).isEqualTo(FinishReason.INTERRUPTED);
                assertThat(end(web.urlOf(0, "/held"))).isEqualTo("ok");
                assertThat(end(web.urlOf(0, "/moved"))).isEqualTo("redirected");
                assertThat(end(web.urlOf(0, "/target"))).isEqualTo("cancelled/interrupted");
                assertThat(end(web.urlOf(0, "/new"))).isEqualTo("cancelled/interrupted");
                assertThat(end(web.urlOf(0, "/flaky"))).as("keeps its last failure").isEqualTo("failed/http_status");
                assertThat(end(web.urlOf(0, "/flaky-later"))).isEqualTo("failed/http_status");
                assertThat(end(web.urlOf(2, "/behind-robots"))).isEqualTo("cancelled/interrupted");
                assertThat(end(web.urlOf(3, "/untouched"))).isEqualTo("cancelled/interrupted");
            }
        }
    }

    private static Politeness patientWith(String host) {
        Politeness usual = Jobs.politeness(Jobs.IMPATIENT);
        Manners patient = new Manners(1, Duration.ofMinutes(30), false, Duration.ofHours(1));
        return new Politeness(usual.manners(), usual.maxRetryAfter(), true, true, usual.maxCrawlDelay(),
                usual.maxRequestsPerSecond(), Map.of(host, patient));
    }

    private static Handler gated(CountDownLatch gate, Handler handler) {
        return exchange -> {
            gate.await();
            handler.handle(exchange);
        };
    }

    private String end(String url) {
        Outcome outcome = recorded.only(url);
        return outcome.name() + outcome.reason().map(reason -> "/" + reason).orElse("");
    }
}
