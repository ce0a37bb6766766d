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
        Extractor extractor =
                (page, _) -> seen.put(page.request().url().pathAndQuery(), page.request().details().data());
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

    /** Every page asks for the same two requests, and for one that is out of scope. */
    @Test
    void whatAnExtractorFollowsIsFetchedOnceWithinTheScope() throws Exception {
        try (SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(1).start()) {
            CanonicalUrl api = CanonicalUrl.of(web.urlOf(0, "/api"));
            Extractor extractor = (page, results) -> {
                for (int part = 1; part <= 2; part++) {
                    results.follow(Request.to(api)
                            .method(Request.Method.POST)
                            .body(Request.Body.json("{\"part\":" + part + "}"))
                            .data("part", part)
                            .build());
                }
                results.follow(Request.to(CanonicalUrl.of("http://elsewhere.example/")).build());
                seen.merge(page.request().url().pathAndQuery() + page.request().depth(),
                        page.request().details().data(), (_, _) -> Map.of("visited", "twice"));
            };
            web.on("/", exchange -> exchange.respond(200, "text/html", "<title>t</title>"))
                    .on("/api", exchange -> exchange.respond(200, "text/html", "<title>api</title>"));
            try (Scraper scraper = Scraper.builder().extractor(extractor).build()) {
                CrawlJob job = Jobs.impatient(web.urlOf(0, "/")).build();
                Crawls.run(scraper, job, recorded, web);
            }
            assertThat(recorded.outcomes()).hasSize(3);
            assertThat(seen.keySet()).containsExactlyInAnyOrder("/0", "/api1");
        }
    }
}
