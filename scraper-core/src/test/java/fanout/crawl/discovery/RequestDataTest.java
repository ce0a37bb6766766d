package fanout.crawl.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.crawl.fixtures.Answers;
import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Recorded;
import fanout.job.CrawlJob;
import fanout.job.Start;
import fanout.outcome.Outcome;
import fanout.page.Extractor;
import fanout.page.Request;
import fanout.synthetic.SyntheticWeb;
import fanout.url.CanonicalUrl;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a start URL says besides its URL, on the way to the pages that it leads to. */
@Timeout(60)
class RequestDataTest {

    private final Recorded recorded = new Recorded();
    private final Map<String, Map<String, Object>> seen = new ConcurrentHashMap<>();

    @Test
    void dataReachEveryPageThatAStartLeadsTo() throws Exception {
        Extractor extractor = page -> {
            seen.put(page.request().url().pathAndQuery(), page.request().details().data());
            return List.of();
        };
        try (SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(1).start();
                Scraper scraper = Scraper.builder().extractor(extractor).build()) {
            web.on("/", exchange -> exchange.respond(200, "text/html", "<title>t</title><a href=/moved>a</a>"))
                    .on("/moved", Answers.redirect(303, "b"))
                    .on("/b", exchange -> exchange.respond(200, "text/html", "<title>b</title>"));
            Request start = Request.start(CanonicalUrl.of(web.urlOf(0, "/")), Optional.empty());
            CrawlJob job = Jobs.impatient(web.urlOf(0, "/"))
                    .start(Start.at(start.with(Request.Details.of(Map.of("shop", 7)))))
                    .build();
            Crawls.run(scraper, job, recorded, web);
        }
        assertThat(seen).isEqualTo(Map.of("/", Map.of("shop", 7L), "/b", Map.of("shop", 7L)));
        assertThat(recorded.outcomes()).hasSize(3)
                .extracting(Outcome::request)
                .allSatisfy(request -> assertThat(request.details().data()).isEqualTo(Map.of("shop", 7L)));
    }
}
