package fanout.crawl.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.crawl.fixtures.Answers;
import fanout.crawl.fixtures.Crawls;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.PagesLog;
import fanout.crawl.fixtures.PagesLog.Line;
import fanout.job.CrawlJob;
import fanout.job.Limits;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.synthetic.SyntheticWeb;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Redirects in whole crawls, by the lines that they leave. */
class RedirectsTest {

    @TempDir
    private Path folder = Path.of("");

    private final Scraper scraper = Scraper.create();
    private final SyntheticWeb web = SyntheticWeb.builder().hosts(3).pagesPerHost(1).start();
    private @Nullable CrawlReport last;

    @BeforeEach
    void linkToTheChain() {
        web.on("/linked", Answers.html("<a href=/a>a</a>"))
                .on("/a", Answers.redirect("/b"))
                .on("/b", Answers.redirect("/c"))
                .on("/c", Answers.html("<title>c</title><a href=/d>d</a>"))
                .on("/d", Answers.html("<title>d</title>"));
    }

    @AfterEach
    void close() {
        scraper.close();
        web.close();
    }

    private Map<String, Line> crawl(String... startPaths) throws IOException, InterruptedException {
        String[] urls = List.of(startPaths).stream().map(path -> web.urlOf(0, path)).toArray(String[]::new);
        return crawl(Jobs.impatient(urls));
    }

    /** The lines, by URL without the host. */
    private Map<String, Line> crawl(CrawlJob.Builder job) throws IOException, InterruptedException {
        PagesLog pages = new PagesLog(folder.resolve("pages.jsonl"));
        try (pages) {
            last = Crawls.run(scraper, job.build(), pages, web);
        }
        assertThat(report().finishReason()).isEqualTo(FinishReason.EXHAUSTED);
        return pages.lines()
                .stream()
                .collect(Collectors.toMap(line -> line.url().replace("http://" + web.hostOf(0), ""), line -> line));
    }

    private CrawlReport report() {
        return Objects.requireNonNull(last);
    }

    private static Limits redirects(int most) {
        return Limits.DEFAULT.toBuilder().maxRedirects(most).build();
    }

    @Test
    void everyStationOfAChainHasItsLine() throws IOException, InterruptedException {
        Map<String, Line> lines = crawl("/linked");

        assertThat(lines).containsOnlyKeys("/linked", "/a", "/b", "/c", "/d");
        assertLine(lines.get("/a"), "redirected", 0, 1, "/linked");
        assertThat(lines.get("/a").text("redirectUrl")).isEqualTo(web.urlOf(0, "/b"));
        assertThat(lines.get("/a").number("status")).isEqualTo(302);
        assertLine(lines.get("/b"), "redirected", 1, 1, "/a");
        assertLine(lines.get("/c"), "ok", 2, 1, "/b");
        // Links count their depth from the page, not from the hops that led to it.
        assertLine(lines.get("/d"), "ok", 0, 2, "/c");
    }

    private void assertLine(Line line, String end, int redirects, int depth, String referrer) {
        assertThat(line.end()).isEqualTo(end);
        assertThat(line.number("redirects")).as("redirects of %s", line).isEqualTo(redirects);
        assertThat(line.number("depth")).as("depth of %s", line).isEqualTo(depth);
        assertThat(line.text("referrer")).isEqualTo(web.urlOf(0, referrer));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void everyKindOfRedirectIsFollowed(int status) throws IOException, InterruptedException {
        web.on("/moved", Answers.redirect(status, "d"));

        Map<String, Line> lines = crawl("/moved");

        assertThat(lines.get("/moved").end()).isEqualTo("redirected");
        assertThat(lines.get("/d").end()).isEqualTo("ok");
    }

    @Test
    void startUrlThatMovesToAnotherHostTakesTheScopeAlong() throws IOException, InterruptedException {
        web.on("/start", Answers.redirect(web.urlOf(1, "/home")))
                .on("/home", Answers.html("<a href=/d>d</a><a href=" + web.urlOf(2, "/d") + ">elsewhere</a>"));

        Map<String, Line> lines = crawl("/start");

        assertThat(lines).containsOnlyKeys("/start", web.urlOf(1, "/home"), web.urlOf(1, "/d"));
        assertThat(lines.get(web.urlOf(1, "/d")).end()).isEqualTo("ok");
        assertThat(report().links().outOfScope()).isEqualTo(1);
        assertThat(web.arrivalCount(web.hostOf(2))).isZero();
    }

    @Test
    void linkThatMovesOutOfScopeIsNotFollowed() throws IOException, InterruptedException {
        web.on("/a", Answers.redirect(web.urlOf(1, "/d")));

        Map<String, Line> lines = crawl("/linked");

        assertThat(lines).containsOnlyKeys("/linked", "/a");
        assertThat(lines.get("/a").end()).isEqualTo("redirected");
        assertThat(report().links().outOfScope()).isEqualTo(1);
        assertThat(web.arrivalCount(web.hostOf(1))).isZero();
    }

    @Test
    void targetThatIsKnownIsNotFetchedAgain() throws IOException, InterruptedException {
        Map<String, Line> lines = crawl("/c", "/b");

        assertThat(lines).containsOnlyKeys("/b", "/c", "/d");
        assertThat(Crawls.pageArrivals(web)).allSatisfy((url, arrivals) -> assertThat(arrivals).as(url).hasSize(1));
        assertThat(report().links().duplicates()).isEqualTo(1);
    }

    @Test
    void siteThatSetsACookieAndSendsUsBackIsBelieved() throws IOException, InterruptedException {
        web.on("/wall", exchange -> {
            if (exchange.header("Cookie").orElse("").equals("seen=yes")) {
                exchange.respond(200, "text/html", "<title>in</title>");
            } else {
                exchange.respond(302, Map.of("Location", "/wall", "Set-Cookie", "seen=yes"), new byte[0]);
            }
        });

        Line line = crawl("/wall").get("/wall");

        assertThat(line.end()).isEqualTo("ok");
        assertThat(line.text("title")).isEqualTo("in");
        assertThat(line.number("redirects")).isEqualTo(1);
        assertThat(line.number("attempts")).isEqualTo(2);
    }

    @Test
    void pageThatSendsUsBackForEverIsGivenUp() throws IOException, InterruptedException {
        web.on("/self", Answers.redirect("/self"));

        Line line = crawl("/self").get("/self");

        assertThat(line.end()).isEqualTo("failed/too_many_redirects");
        assertThat(line.number("attempts")).isEqualTo(6);
        assertThat(web.arrivals().stream().filter(arrival -> arrival.path().equals("/self"))).hasSize(6);
    }

    @ParameterizedTest(name = "{0} allowed")
    @CsvSource({"0, failed/too_many_redirects, 1", "1, redirected, 2", "2, redirected, 4"})
    void chainIsNoLongerThanTheJobAllows(int most, String endOfA, int lines) throws IOException, InterruptedException {
        Map<String, Line> all = crawl(Jobs.impatient(web.urlOf(0, "/a")).limits(redirects(most)));

        assertThat(all.get("/a").end()).isEqualTo(endOfA);
        assertThat(all).hasSize(lines);
        assertThat(all.values()).extracting(Line::end)
                .filteredOn(end -> end.equals("failed/too_many_redirects"))
                .hasSize(most < 2 ? 1 : 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "ftp://example.org/", "javascript:alert(1)", "http://", "//:80/"})
    void targetThatIsNotOfTheWebIsAFailure(String location) throws IOException, InterruptedException {
        web.on("/bad", Answers.redirect(location));

        Line line = crawl("/bad").get("/bad");

        assertThat(line.end()).isEqualTo("failed/bad_redirect");
        assertThat(line.text("detail")).contains(location);
    }

    @Test
    void redirectWithoutATargetIsAFailure() throws IOException, InterruptedException {
        web.on("/bad", exchange -> exchange.respond(302, Map.of(), new byte[0]));

        assertThat(crawl("/bad").get("/bad").end()).isEqualTo("failed/bad_redirect");
    }

    @Test
    void redirectToARobotsExcludedPageIsNotFollowed() throws IOException, InterruptedException {
        web.on("/robots.txt", Answers.text(200, "User-agent: *\nDisallow: /c\n"));

        Map<String, Line> lines = crawl("/linked");

        assertThat(lines.get("/a").end()).isEqualTo("redirected");
        assertThat(lines.get("/b").end()).isEqualTo("redirected");
        assertThat(lines.get("/c").end()).isEqualTo("skipped/robots");
        assertThat(web.arrivals()).noneMatch(arrival -> arrival.path().equals("/c"));
    }
}
