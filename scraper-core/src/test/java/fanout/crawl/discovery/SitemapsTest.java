package fanout.crawl.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.crawl.fixtures.Answers;
import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Recorded;
import fanout.job.CrawlJob;
import fanout.outcome.Reason;
import fanout.report.CrawlReport;
import fanout.report.CrawlReport.FailedSitemap;
import fanout.report.CrawlReport.Sitemaps;
import fanout.synthetic.Handler;
import fanout.synthetic.Robots;
import fanout.synthetic.SyntheticWeb;
import fanout.url.CanonicalUrl;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sitemaps in whole crawls. */
class SitemapsTest {

    private final Scraper scraper = Scraper.create();
    private final Recorded recorded = new Recorded();
    private final SyntheticWeb web = SyntheticWeb.builder()
            .pagesPerHost(30)
            .sitemaps()
            .robots(Robots.allowAll())
            .start();

    @AfterEach
    void close() {
        scraper.close();
        web.close();
    }

    private CrawlReport crawl(CrawlJob.Builder job) throws InterruptedException {
        // No links are followed: what is found comes from sitemaps.
        CrawlReport report = Crawls.run(scraper, job.follow(List.of()).build(), recorded, web);
        recorded.agreesWith(report);
        return report;
    }

    private CrawlJob.Builder job(String sitemap) {
        return Jobs.impatient().sitemap(CanonicalUrl.of(web.urlOf(0, sitemap)));
    }

    private String entries(String element, String... paths) {
        return Stream.of(paths)
                .map(path -> "<" + element + "><loc>" + web.urlOf(0, path) + "</loc></" + element + ">")
                .collect(Collectors.joining());
    }

    private Handler index(String... paths) {
        return exchange -> exchange.respond(200, "application/xml",
                "<sitemapindex>" + entries("sitemap", paths) + "</sitemapindex>");
    }

    private Handler urlset(String... paths) {
        return exchange -> exchange.respond(200, "application/xml", "<urlset>" + entries("url", paths) + "</urlset>");
    }

    @Test
    void sitemapIsReadInTheEncodingThatItsHeaderSays() throws InterruptedException {
        byte[] body = ("<?xml version='1.0' encoding='utf-8'?><urlset><url><loc>" + web.urlOf(0, "/\u0439")
                + "</loc></url></urlset>").getBytes(Charset.forName("windows-1251"));
        web.on("/sitemap-1251.xml", exchange -> exchange.respond(200,
                Map.of("Content-Type", "text/xml; charset=windows-1251"), body));
        crawl(job("/sitemap-1251.xml"));

        assertThat(recorded.outcomes()).extracting(Recorded::url).contains(web.urlOf(0, "/%D0%B9"));
    }

    @Test
    void autoReadsTheSitemapsThatRobotsTxtNames() throws InterruptedException {
        CrawlReport report = crawl(Jobs.impatient(web).sitemapsFromRobots(true));

        assertThat(recorded.counts()).containsOnly(Map.entry("ok", 30L));
        assertThat(report.fetching().sitemaps()).isEqualTo(new Sitemaps(1, 0, List.of()));
    }

    @Test
    void jobMayHaveSitemapsOnly() throws InterruptedException {
        crawl(job("/sitemap.xml"));

        assertThat(recorded.urls("ok")).containsExactlyInAnyOrderElementsOf(web.expectedPages().keySet());
    }

    @Test
    void indexLeadsToItsSitemapsAndACycleEnds() throws InterruptedException {
        web.on("/index.xml", index("/one.xml", "/two.xml", "/index.xml", "/other-index.xml"))
                .on("/other-index.xml", index("/index.xml", "/one.xml"))
                .on("/one.xml", urlset("/page/1.html", "/page/2.html"))
                .on("/two.xml", urlset("/page/2.html", "/page/3.html"));

        CrawlReport report = crawl(job("/index.xml"));

        assertThat(recorded.urls("ok")).containsExactlyInAnyOrder(web.urlOf(0, 1), web.urlOf(0, 2), web.urlOf(0, 3));
        assertThat(report.fetching().sitemaps()).isEqualTo(new Sitemaps(4, 0, List.of()));
        assertThat(web.arrivals().stream().filter(arrival -> arrival.path().endsWith(".xml"))).hasSize(4);
        assertThat(report.links().duplicates()).isEqualTo(1);
    }

    @Test
    void gzippedSitemapIsRead() throws InterruptedException, IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(("<urlset>" + entries("url", "/page/4.html") + "</urlset>").getBytes(StandardCharsets.UTF_8));
        }
        web.on("/sitemap.xml.gz", exchange -> exchange.respond(200, Map.of("Content-Type", "application/gzip"),
                packed.toByteArray()));

        crawl(job("/sitemap.xml.gz"));

        assertThat(recorded.urls("ok")).containsExactly(web.urlOf(0, 4));
    }

    @Test
    void brokenSitemapsAreCountedAndCostNothingElse() throws InterruptedException {
        web.on("/index.xml", index("/none.xml", "/one.xml", "/text.xml"))
                .on("/none.xml", Answers.text(404, ""))
                .on("/text.xml", Answers.text(200, "no sitemap at all"))
                .on("/one.xml", urlset("/page/1.html", "http:///", "/page/2.html"));

        CrawlReport report = crawl(job("/index.xml"));

        assertThat(recorded.urls("ok")).contains(web.urlOf(0, 1), web.urlOf(0, 2));
        assertThat(report.fetching().sitemaps().ok()).isEqualTo(2);
        assertThat(report.fetching().sitemaps().failures()).containsExactlyInAnyOrder(
                new FailedSitemap(web.urlOf(0, "/none.xml"), Reason.HTTP_STATUS, "HTTP status 404"),
                new FailedSitemap(web.urlOf(0, "/text.xml"), Reason.PARSE, "not a sitemap"));
    }

    @Test
    void sitemapThatIsCutGivesItsPagesAndIsCountedAsFailed() throws InterruptedException {
        web.on("/cut.xml", Answers.text(200, "<urlset>" + entries("url", "/page/1.html") + "<url><loc>http://"));

        CrawlReport report = crawl(job("/cut.xml"));

        assertThat(recorded.urls("ok")).containsExactly(web.urlOf(0, 1));
        assertThat(report.fetching().sitemaps()).isEqualTo(new Sitemaps(0, 1, List.of(new FailedSitemap(
                web.urlOf(0, "/cut.xml"), Reason.PARSE, "read in part: it ends before its last end tag"))));
    }

    @Test
    void entriesElsewhereAreOutOfScope() throws InterruptedException {
        web.on("/one.xml", exchange -> exchange.respond(200, "application/xml", "<urlset>"
                + entries("url", "/page/1.html") + "<url><loc>http://example.org/</loc></url></urlset>"));

        CrawlReport report = crawl(job("/one.xml"));

        assertThat(recorded.urls("ok")).containsExactly(web.urlOf(0, 1));
        assertThat(report.links().outOfScope()).isEqualTo(1);
    }
}
