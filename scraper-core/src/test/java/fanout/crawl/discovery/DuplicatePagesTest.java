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
import fanout.job.RequestTemplate;
import fanout.job.Session;
import fanout.journal.Journal;
import fanout.outcome.Fetched;
import fanout.page.Extractor;
import fanout.page.Request;
import fanout.report.CrawlReport;
import fanout.report.FinishReason;
import fanout.sink.OutputFile;
import fanout.sink.PagesFile;
import fanout.sink.Sink;
import fanout.synthetic.Arrival;
import fanout.synthetic.SyntheticWeb;
import fanout.url.CanonicalUrl;
import fanout.url.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sites that serve one content at several URLs. */
@Timeout(60)
class DuplicatePagesTest {

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

    /** One page after the other, in the order in which they are found. */
    private CrawlJob.Builder job(String... starts) {
        return Jobs.impatient(Stream.of(starts).map(this::url).toArray(String[]::new))
                .politeness(Jobs.politenessWithoutRobots(Jobs.IMPATIENT))
                .concurrency(1);
    }

    private static Scope notFollowing() {
        return Scope.of(20).followingDuplicates(false);
    }

    private List<String> requests() {
        return web.arrivals().stream().map(Arrival::path).toList();
    }

    private Optional<String> duplicateOf(String path) {
        return ((Fetched) recorded.only(url(path))).duplicateOf().map(CanonicalUrl::toString);
    }

    /** Each filter leads to the next, with the same list: without an end, if it were followed. */
    @Test
    void facetsThatShowTheSameListLeadNoFurther() throws Exception {
        String list = "<a href='?a=1'>a</a> <a href='/item'>item</a>";
        web.on("/", html(list + "<a href='/list?f=1'>1</a>"));
        for (int facet = 1; facet < 20; facet++) {
            web.on("/list?f=" + facet, html("<a href='/list?f=1'>1</a> <a href='/more'>more</a>"));
        }
        web.on("/?a=1", html(list + "<a href='/list?f=2'>2</a>"))
                .on("/item", html("item"))
                .on("/more", html("<a href='/list?f=3'>3</a>"));
        CrawlReport report = Crawls.run(scraper, job("/").scope(notFollowing()).build(), recorded, web);

        assertThat(requests()).containsExactlyInAnyOrder("/", "/?a=1", "/item", "/list?f=1", "/list?f=2", "/more",
                "/list?f=3");
        assertThat(duplicateOf("/list?f=1")).isEmpty();
        assertThat(duplicateOf("/list?f=2")).contains(url("/list?f=1"));
        assertThat(duplicateOf("/list?f=3")).contains(url("/list?f=1"));
        assertThat(report.links().dropped()).isEqualTo(4);
        recorded.agreesWith(report);
    }

    @Test
    void linksOfADuplicateAreFollowedUnlessTheJobSaysOtherwise() throws Exception {
        String same = "<a href='next'>next</a>";
        web.on("/a/", html(same)).on("/b/", html(same)).on("/a/next", html("1")).on("/b/next", html("2"));
        CrawlReport report = Crawls.run(scraper, job("/a/", "/b/").build(), recorded, web);

        assertThat(recorded.urls("ok")).containsExactlyInAnyOrder(url("/a/"), url("/b/"), url("/a/next"),
                url("/b/next"));
        assertThat(duplicateOf("/b/")).contains(url("/a/"));
        assertThat(report.links().dropped()).isZero();
    }

    @Test
    void requestOfAnExtractorIsALinkOfItsPage() throws Exception {
        web.on("/a", html("same")).on("/b", html("same")).on("/of/a", html("1")).on("/of/b", html("2"));
        Extractor extractor = (page, results) -> {
            String path = page.request().url().pathAndQuery();
            if (!path.startsWith("/of/")) {
                results.follow(Request.to(CanonicalUrl.of(url("/of" + path))).build());
            }
        };
        try (Scraper following = Scraper.builder().extractor(extractor).build()) {
            CrawlReport report =
                    Crawls.run(following, job("/a", "/b").scope(notFollowing()).build(), recorded, web);

            assertThat(requests()).containsExactlyInAnyOrder("/a", "/b", "/of/a");
            assertThat(report.links().dropped()).isEqualTo(1);
        }
    }

    @Test
    void pageThatIsTriedAgainIsNotItsOwnDuplicate() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        web.on("/", exchange -> exchange.respond(asked.incrementAndGet() == 1 ? 503 : 200, "text/html",
                "<a href='/moved'>m</a>"))
                .on("/moved", redirect("/copy"))
                .on("/copy", html("<a href='/moved'>m</a>"))
                .on("/gone", exchange -> exchange.respond(404, "text/html", "<a href='/moved'>m</a>"));
        Crawls.run(scraper, job("/gone", "/").scope(notFollowing()).build(), recorded, web);

        assertThat(asked).hasValue(2);
        assertThat(duplicateOf("/")).as("a page that failed is not the first").isEmpty();
        assertThat(duplicateOf("/copy")).contains(url("/"));
    }

    /** A chain that began under one session and ended under the next is begun again: what it led to is no page. */
    @Test
    void pageThatIsDiscardedWithItsSessionIsNotTheFirst() throws Exception {
        AtomicInteger chains = new AtomicInteger();
        AtomicInteger members = new AtomicInteger();
        String content = "<a href='next'>next</a>";
        web.on("/login", html("login"))
                .on("/chain", exchange -> {
                    if (chains.incrementAndGet() == 1) {
                        exchange.respond(302, Map.of("Location", "/end/"), new byte[0]);
                    } else {
                        exchange.respond(200, "text/html", "no redirect");
                    }
                })
                .on("/member", exchange -> exchange.respond(members.incrementAndGet() == 1 ? 401 : 200, "text/html",
                        "<a href='/open/'>open</a>"))
                .on("/end/", html(content))
                .on("/open/", html(content))
                .on("/open/next", html("next"));
        RequestTemplate login = new RequestTemplate(url("/login"), Request.Method.GET, Map.of(), Optional.empty());
        Session session = new Session(List.of(new Session.Send(login, List.of())), Optional.empty(), List.of(),
                Map.of(), new Session.Signs(Set.of(401), Optional.empty(), Optional.empty()), 3);
        CrawlReport report = Crawls.run(scraper,
                job("/chain", "/member").scope(notFollowing()).session(session).build(), recorded, web);

        assertThat(requests()).as("the content was there, and was discarded")
                .containsSubsequence("/chain", "/member",
                        "/login", "/end/", "/open/");
        assertThat(chains).hasValue(2);
        assertThat(recorded.urls("ok")).containsExactlyInAnyOrder(url("/chain"), url("/member"), url("/open/"),
                url("/open/next"));
        assertThat(duplicateOf("/open/")).isEmpty();
        assertThat(report.links().dropped()).isZero();
    }

    private CrawlReport run(CrawlJob job) throws IOException, InterruptedException {
        try (Journal journal = Journal.resume(folder.resolve("crawl.journal"));
                Sink sink = PagesFile.jsonLines(OutputFile.resume(folder.resolve("pages")))) {
            return Crawls.run(scraper.crawl(job).to(sink).journal(journal).build(), web);
        }
    }

    @Test
    void firstPageIsKnownWhenTheCrawlResumes() throws Exception {
        int pages = 30;
        web.on("/", html(IntStream.range(0, pages)
                .mapToObj("<a href='/p%d/'>p</a>"::formatted)
                .reduce("", String::concat)));
        for (int page = 0; page < pages; page++) {
            web.on("/p" + page + "/", html("<a href='next'>next</a>" + page % 3))
                    .on("/p" + page + "/next", html("next of " + page));
        }
        CrawlJob.Builder job = job("/").scope(notFollowing());
        FinishReason end = FinishReason.MAX_PAGES;
        for (int most = 4; end == FinishReason.MAX_PAGES; most += 4) {
            end = run(job.limits(Limits.DEFAULT.toBuilder().maxPages(most).build()).build()).finishReason();
        }

        List<String> lines = Files.readAllLines(folder.resolve("pages"));
        assertThat(lines).hasSize(1 + pages + 3);
        assertThat(lines).filteredOn(line -> line.contains("\"duplicateOf\""))
                .hasSize(pages - 3)
                .allMatch(line -> line.contains("\"duplicateOf\":\"" + url("/p0/"))
                        || line.contains("\"duplicateOf\":\"" + url("/p1/"))
                        || line.contains("\"duplicateOf\":\"" + url("/p2/")));
        assertThat(requests()).filteredOn(path -> path.endsWith("next"))
                .containsExactlyInAnyOrder("/p0/next",
                        "/p1/next", "/p2/next");
    }
}
