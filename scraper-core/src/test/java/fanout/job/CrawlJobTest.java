package fanout.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.job.Politeness.Manners;
import fanout.job.Selector.Css;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import fanout.url.Host;
import fanout.url.Scope;
import fanout.url.TextPattern;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CrawlJobTest {

    private static final CanonicalUrl HOME = CanonicalUrl.of("http://example.org/");
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** A job of which no part is the default. */
    private static CrawlJob unusual() {
        return CrawlJob.builder("docs")
                .startUrl(new Request(HOME, 0, Optional.of("home"), Optional.empty()))
                .sitemap(CanonicalUrl.of("http://example.org/sitemap.xml"))
                .sitemapsFromRobots(true)
                .scope(new Scope(List.of(Scope.Domain.parse("example.org")), Set.of(), List.of(TextPattern.of("a")),
                        List.of(TextPattern.of("b")), 3))
                .limits(new Limits(1, 2, 3, 400, SECOND, SECOND, 5, 6, 7))
                .concurrency(7)
                .politeness(new Politeness(new Manners(1, SECOND, false, SECOND), SECOND, false, false, SECOND, 8,
                        Map.of("example.org", Manners.DEFAULT)))
                .retries(new Retries(9, SECOND, SECOND))
                .circuitBreaker(new CircuitBreaking(10, 11, SECOND, 12))
                .http(new Http("test/1", Map.of("Accept-Language", "de"), false,
                        Optional.of(new Http.Proxy("127.0.0.1", 3128)), List.of()))
                .network(new Network(true, List.of(Cidr.parse("10.0.0.0/8"))))
                .contentTypes(List.of("text/plain"))
                .follow(List.of(new FollowRule(new Css("a"), "href", Optional.empty())))
                .extract(List.of(new ExtractRule("pages", Optional.empty(), Optional.empty(), Optional.empty(),
                        List.of(Field.select("title", new Css("h1")).build()))))
                .flushTimeout(SECOND)
                .expectations(Expectations.NONE.withMinItems(5).withFilled("pages", "title", 95))
                .build();
    }

    @Test
    void aBuilderThatBeginsWithAJobGivesTheSameJob() {
        CrawlJob job = unusual();

        assertThat(job.toBuilder().build()).isEqualTo(job);
        assertThat(job).usingRecursiveComparison()
                .comparingOnlyFields("limits", "politeness", "http")
                .isEqualTo(job.toBuilder()
                        .limits(job.limits().toBuilder().build())
                        .politeness(job.politeness().toBuilder().build())
                        .http(job.http().toBuilder().build())
                        .build());
    }

    @Test
    void limitsChangeOneAtATime() {
        assertThat(Limits.DEFAULT.toBuilder()
                .maxPages(1)
                .maxUrls(2)
                .maxLinksPerPage(3)
                .maxUrlLength(400)
                .maxDuration(SECOND)
                .requestTimeout(SECOND.multipliedBy(2))
                .maxBodyBytes(5)
                .maxRedirects(6)
                .maxFailedPercent(7)
                .build()).isEqualTo(new Limits(1, 2, 3, 400, SECOND, SECOND.multipliedBy(2), 5, 6, 7));
    }

    @Test
    void politenessChangesOnePartAtATime() {
        Manners manners = new Manners(1, SECOND, false, SECOND);

        assertThat(Politeness.DEFAULT.toBuilder()
                .manners(manners)
                .maxRetryAfter(SECOND)
                .obeyRobots(false)
                .build())
                .isEqualTo(new Politeness(manners, SECOND, false, true, Duration.ofSeconds(30), 1000, Map.of()));
        assertThat(Politeness.DEFAULT.toBuilder()
                .obeyNofollow(false)
                .maxCrawlDelay(SECOND)
                .maxRequestsPerSecond(2)
                .hosts(Map.of("example.org", manners))
                .build()).isEqualTo(new Politeness(Manners.DEFAULT, Duration.ofMinutes(5), true, false, SECOND, 2,
                        Map.of("example.org", manners)));
    }

    @Test
    void requestSettingsChangeOneAtATime() {
        Optional<Http.Proxy> proxy = Optional.of(new Http.Proxy("127.0.0.1", 3128));
        Map<String, String> headers = Map.of("Accept-Language", "de");

        assertThat(Http.DEFAULT.toBuilder().userAgent("test/1").headers(headers).cookies(false).proxy(proxy).build())
                .isEqualTo(new Http("test/1", headers, false, proxy, List.of()));
    }

    @Test
    void onlyFieldsOfTheJobCanBeExpected() {
        CrawlJob.Builder none = CrawlJob.builder("docs").startUrl("http://example.org/");
        CrawlJob.Builder rules = CrawlJob.builder("docs")
                .startUrl("http://example.org/")
                .extract(List.of(new ExtractRule("pages", Optional.empty(), Optional.empty(), Optional.empty(),
                        List.of(Field.select("title", new Css("h1")).build()))));

        assertThat(rules.expectations(Expectations.NONE.withFilled("pages", "title", 95)).build().expectations())
                .isEqualTo(new Expectations(OptionalLong.empty(), OptionalLong.empty(), Map.of("pages.title", 95),
                        OptionalInt.empty()));
        assertThatThrownBy(() -> rules.expectations(Expectations.NONE.withFilled("pages", "head", 95)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expect.filled has pages.head, and extract has no such field; its fields are pages.title");
        assertThatThrownBy(() -> none.expectations(Expectations.NONE.withFilled("pages", "title", 95)).build())
                .hasMessage("expect.filled has pages.title, and extract has no field");
    }

    @Test
    void aPartThatIsOutOfItsBoundsIsNamedByItsKey() {
        assertThatThrownBy(() -> Limits.DEFAULT.toBuilder().maxPages(0).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("limits.maxPages ");
        assertThatThrownBy(() -> Politeness.DEFAULT.toBuilder().maxRequestsPerSecond(0).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("politeness.maxRequestsPerSecond ");
        assertThatThrownBy(() -> Http.DEFAULT.toBuilder().userAgent(" ").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("http.userAgent ");
        assertThatThrownBy(() -> CrawlJob.builder("docs").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("startUrls ");
    }

    @Test
    void aNewStartReplacesTheOldOneAndItsHosts() {
        Request other = Request.start(CanonicalUrl.of("http://example.com/page"), Optional.of("page"));
        CrawlJob job = CrawlJob.builder("docs")
                .startUrl("http://example.org/")
                .sitemap(CanonicalUrl.of("http://example.org/sitemap.xml"))
                .sitemapsFromRobots(true)
                .build();
        CrawlJob moved = job.toBuilder().start(Start.at(other)).build();

        assertThat(moved.start()).isEqualTo(new Start(List.of(other), List.of(), false));
        assertThat(moved.scope().hosts()).containsExactly(new Host("example.com", 80));
        assertThat(job.scope().hosts()).containsExactly(new Host("example.org", 80));
    }

    @Test
    void aStartUrlThatIsNamedTwiceIsOne() {
        Request labelled = Request.start(HOME, Optional.of("home"));
        Start start = new Start(List.of(labelled, Request.start(HOME, Optional.empty())), List.of(HOME, HOME), false);

        assertThat(start.urls()).containsExactly(labelled);
        assertThat(start.sitemaps()).containsExactly(HOME);
        assertThat(start.repeated()).isOne();
        CrawlJob job = CrawlJob.builder("docs").start(start).startUrl(labelled).build();
        assertThat(job.start().repeated()).as("of a copy that has one more").isEqualTo(2);
        assertThat(job.toBuilder().build()).as("of a copy").isEqualTo(job);
    }

    @Test
    void aJobOfSitemapsStaysOnTheirHosts() {
        CrawlJob job = CrawlJob.builder("docs").sitemap(CanonicalUrl.of("https://example.org/sitemap.xml")).build();

        assertThat(job.scope().hosts()).containsExactly(new Host("example.org", 80));
    }
}
