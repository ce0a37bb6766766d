package fanout.crawl.discovery;

import static fanout.crawl.fixtures.Answers.html;
import static fanout.crawl.fixtures.Answers.redirect;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Recorded;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.journal.Journal;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.sink.OutputFile;
import fanout.sink.PagesFile;
import fanout.sink.Sink;
import fanout.synthetic.Arrival;
import fanout.synthetic.SyntheticWeb;
import fanout.url.CanonicalUrl;
import fanout.url.DroppedParameters;
import fanout.url.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sites that have more URLs than pages. */
@Timeout(60)
class TrapsTest {

    private final SyntheticWeb web = SyntheticWeb.builder().pagesPerHost(1).start();
    private final Scraper scraper = Scraper.create();
    private final Recorded recorded = new Recorded();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        scraper.close();
        web.close();
    }

    private String url(String path) {
        return web.urlOf(0, path);
    }

    private CrawlJob.Builder job(String... starts) {
        return Jobs.impatient(Stream.of(starts).map(this::url).toArray(String[]::new))
                .politeness(Jobs.politenessWithoutRobots(Jobs.IMPATIENT));
    }

    private static Scope dropping(String... names) {
        return Scope.of(20).dropping(DroppedParameters.of(List.of(names)));
    }

    private List<String> requests() {
        return web.arrivals().stream().map(Arrival::path).toList();
    }

    @Test
    void linksThatDifferInDroppedParametersAreOnePage() throws Exception {
        web.on("/?sid=0", html("""
                <a href="/a?sid=1">1</a> <a href="/a?x=1&amp;sid=2">2</a> <a href="/b;jsessionid=9">3</a>
                <a href="/a?sid=3&amp;utm_source=mail">4</a> <a href="/moved">5</a>"""))
                .on("/sitemap.xml", exchange -> exchange.respond(200, "application/xml",
                        "<urlset><url><loc>" + url("/c?utm_id=7") + "</loc></url></urlset>"))
                .on("/a", html("<a href='?sid=4'>self</a>"))
                .on("/a?x=1", html("x"))
                .on("/b", html("b"))
                .on("/c", html("c"))
                .on("/moved", redirect("/d?sid=5"))
                .on("/d?sid=5", html("<a href='/d'>self</a> <a href='/d?sid=6'>self</a>"));
        CrawlJob job = job("/?sid=0").sitemap(CanonicalUrl.of(url("/sitemap.xml")))
                .scope(dropping("sid", "jsessionid", "utm_*"))
                .build();
        CrawlReport report = Crawls.run(scraper, job, recorded, web);

        assertThat(requests()).containsExactlyInAnyOrder("/?sid=0", "/sitemap.xml", "/a", "/a?x=1", "/b", "/c",
                "/moved", "/d?sid=5");
        assertThat(report.finishReason()).isEqualTo(FinishReason.EXHAUSTED);
        recorded.agreesWith(report);
        assertThat(recorded.only(url("/moved")).name()).isEqualTo("redirected");
        assertThat(recorded.urls("ok")).contains(url("/d?sid=5"));
    }

    @Test
    void filesAreLeftOutUnlessTheyAreAStartOrATarget() throws Exception {
        web.on("/", html("""
                <a href="/a.pdf">1</a> <a href="/b.zip?x=.html">2</a> <a href="/c.html?x=.pdf">3</a>
                <a href="/moved">4</a>"""))
                .on("/start.pdf", exchange -> exchange.respond(200, "application/pdf", "%PDF"))
                .on("/c.html?x=.pdf", html("c"))
                .on("/moved", redirect("/target.pdf"))
                .on("/target.pdf", exchange -> exchange.respond(200, "application/pdf", "%PDF"));
        CrawlReport report = Crawls.run(scraper, job("/", "/start.pdf").build(), recorded, web);

        assertThat(requests()).containsExactlyInAnyOrder("/", "/start.pdf", "/c.html?x=.pdf", "/moved", "/target.pdf");
        assertThat(report.links().outOfScope()).isEqualTo(2);
        recorded.agreesWith(report);
    }

    private CrawlReport run(CrawlJob job) throws IOException, InterruptedException {
        try (Journal journal = Journal.resume(folder.resolve("crawl.journal"));
                Sink sink = PagesFile.jsonLines(OutputFile.resume(folder.resolve("pages")))) {
            return Crawls.run(scraper.crawl(job).to(sink).journal(journal).build(), web);
        }
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(folder.resolve("pages"));
    }

    @Test
    void targetOfASessionIdIsStillOnePageWhenTheCrawlResumes() throws Exception {
        web.on("/old", redirect("/new?sid=1"))
                .on("/", html("<a href='/new'>new</a> <a href='/new?sid=2'>new</a>"))
                .on("/new?sid=1", html("<a href='/new?sid=3'>self</a>"));
        CrawlJob.Builder job = job("/old", "/").concurrency(1).scope(dropping("sid"));
        Limits one = Limits.DEFAULT.toBuilder().maxPages(1).build();
        assertThat(run(job.limits(one).build()).finishReason()).isEqualTo(FinishReason.MAX_PAGES);
        CrawlReport report = run(job.limits(Limits.DEFAULT).build());

        assertThat(report.finishReason()).isEqualTo(FinishReason.EXHAUSTED);
        assertThat(requests()).containsExactly("/old", "/", "/new?sid=1");
        assertThat(lines()).hasSize(3).last().asString().contains("\"url\":\"" + url("/new?sid=1"), "\"redirects\":1");
        assertThat(report.accounting().discovered()).isEqualTo(3);
    }
}
