package fanout.crawl.session;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.Scraper;
import fanout.crawl.fixtures.Jobs;
import fanout.crawl.fixtures.Recorded;
import fanout.crawl.session.MemberSite.Refusal;
import fanout.job.CrawlJob;
import fanout.job.Field;
import fanout.job.Http;
import fanout.job.Limits;
import fanout.job.RequestTemplate;
import fanout.job.Retries;
import fanout.job.Secrets;
import fanout.job.Selector;
import fanout.job.Session;
import fanout.job.Session.Send;
import fanout.job.Session.Signs;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.outcome.Reason;
import fanout.outcome.Stage;
import fanout.page.Request.Method;
import fanout.report.CrawlFailure;
import fanout.report.CrawlReport;
import fanout.report.CrawlReport.Auxiliary;
import fanout.report.FinishReason;
import fanout.url.CanonicalUrl;
import fanout.url.Scope;
import fanout.url.TextPattern;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions that end in the middle of a crawl, pages that no session gets, and logins that fail. */
@Timeout(60)
class SessionTest {

    private static final String PASSWORD = "se cret&1";

    private final Recorded recorded = new Recorded();

    private static RequestTemplate get(String url) {
        return new RequestTemplate(url, Method.GET, Map.of(), Optional.empty());
    }

    /** The hidden field of the login, and the login with it. */
    private static List<Session.Step> steps(MemberSite site, String password) {
        Field csrf = Field.select("csrf", new Selector.Css("input[name=csrf]")).attr("value").build();
        RequestTemplate.Form form = new RequestTemplate.Form(List.of(Map.entry("csrf", "{csrf}"),
                Map.entry("user", "ann"), Map.entry("password", password)));
        return List.of(new Send(get(site.url("/login")), List.of(csrf)),
                new Send(new RequestTemplate("/login", Method.POST, Map.of(), Optional.of(form)), List.of()));
    }

    private static Signs css(String css) {
        return new Signs(Set.of(), Optional.of(new Selector.Css(css)), Optional.empty());
    }

    private static Signs url(String pattern) {
        return new Signs(Set.of(), Optional.empty(), Optional.of(TextPattern.of(pattern)));
    }

    private static Signs expired(Refusal refusal) {
        return switch (refusal) {
            case REDIRECT -> url("/login");
            case LOGIN_PAGE -> css("form#login");
            case UNAUTHORIZED -> new Signs(Set.of(401), Optional.empty(), Optional.empty());
        };
    }

    private static Session session(MemberSite site, Signs expired) {
        return new Session(steps(site, PASSWORD), Optional.of(css("a.logout")), List.of(), Map.of(), expired, 3);
    }

    private CrawlReport crawl(Session session, String... starts) throws InterruptedException {
        CrawlJob job = Jobs.impatient(starts).session(session).concurrency(64).build();
        return crawl(job);
    }

    private CrawlReport crawl(CrawlJob job) throws InterruptedException {
        try (Scraper scraper = Scraper.create()) {
            CrawlReport report = scraper.crawl(job).to(recorded).build().run();
            assertThat(recorded.outcomes()).extracting(Recorded::url).doesNotHaveDuplicates();
            recorded.agreesWith(report);
            return report;
        }
    }

    private static List<String> pages(MemberSite site, int pages) {
        return IntStream.range(0, pages).mapToObj(page -> site.url("/p/" + page)).toList();
    }

    @ParameterizedTest
    @EnumSource
    void sessionThatEndsTwiceCostsTwoLogins(Refusal refusal) throws Exception {
        try (MemberSite site = new MemberSite(refusal, 400, 150)) {
            site.moreLinks.add("/account");
            CrawlReport report = crawl(session(site, expired(refusal)), site.url("/p/0"));

            assertThat(report.finishReason()).as("%s", report.failure()).isEqualTo(FinishReason.EXHAUSTED);
            assertThat(recorded.urls("ok")).contains(pages(site, 400).toArray(String[]::new));
            assertThat(recorded.counts().keySet()).containsExactly("ok");
            assertThat(recorded.urls("ok")).noneMatch(url -> url.contains("/login"));
            assertThat(site.logins()).isEqualTo(3);
            assertThat(report.fetching().logins()).isEqualTo(new Auxiliary(3, 0));
            assertThat(site.served().values()).as("served once each").allMatch(count -> count == 1);
            assertThat(site.refused()).isPositive();
        }
    }

    /** Three sessions have room for what is begun again, too. */
    @Test
    void loginScreenAtTheEndOfARedirectIsNoPage() throws Exception {
        try (MemberSite site = new MemberSite(Refusal.REDIRECT, 200, 100)) {
            IntStream.range(0, 20).forEach(page -> site.moreLinks.add("/moved/" + (300 + page)));
            CrawlReport report = crawl(session(site, css("form#login")), site.url("/p/0"));

            assertThat(report.finishReason()).as("%s", report.failure()).isEqualTo(FinishReason.EXHAUSTED);
            assertThat(recorded.outcomes()).extracting(Recorded::url).noneMatch(url -> url.contains("/login"));
            assertThat(recorded.urls("ok")).contains(pages(site, 200).toArray(String[]::new))
                    .contains(
                            IntStream.range(300, 320).mapToObj(page -> site.url("/p/" + page)).toArray(String[]::new));
            assertThat(recorded.counts()).containsEntry("redirected", 20L).containsOnlyKeys("ok", "redirected");
            assertThat(site.logins()).as("one for all that were on their way to the login").isEqualTo(3);
        }
    }

    @Test
    void forbiddenPageAndLinkToTheLoginEndNoCrawl() throws Exception {
        try (MemberSite site = new MemberSite(Refusal.REDIRECT, 100, 1_000_000)) {
            site.moreLinks.add("/forbidden");
            site.moreLinks.add("/login");
            CrawlReport report = crawl(session(site, url("/login")), site.url("/p/0"));

            assertThat(report.finishReason()).as("%s", report.failure()).isEqualTo(FinishReason.EXHAUSTED);
            assertThat(recorded.urls("ok")).contains(pages(site, 100).toArray(String[]::new));
            assertThat(recorded.counts()).containsEntry("failed/session", 2L);
            Failed forbidden = (Failed) recorded.only(site.url("/forbidden"));
            assertThat(forbidden.trail().attempts()).isEqualTo(2);
            assertThat(site.logins()).isBetween(2L, 3L);
        }
    }

    /** Of a URL of thousands of characters, for which it would need minutes. */
    @Test
    void patternOfExpiredSessionsTakesNoLongerThanARequest() throws Exception {
        Duration limit = Duration.ofSeconds(1);
        String pattern = IntStream.range(0, 600)
                .mapToObj(i -> "(?:x?y?[a-z]{1,100}){9}Q" + i)
                .collect(Collectors.joining("|"));
        try (MemberSite site = new MemberSite(Refusal.REDIRECT, 1, 1_000_000)) {
            String start = site.url("/p/0?" + "x".repeat(7_000));
            CrawlReport report = crawl(Jobs.impatient(start)
                    .session(session(site, url(pattern)))
                    .limits(Limits.DEFAULT.toBuilder().requestTimeout(limit).build())
                    .retries(new Retries(1, limit, limit))
                    .build());

            assertThat(report.finishReason()).isEqualTo(FinishReason.EXHAUSTED);
            assertThat(((Failed) recorded.only(start)).failure()).isEqualTo(new Failure.TimedOut(Stage.PARSE, limit));
        }
    }

    @Test
    void onlyForbiddenPageIsFinalInTheEnd() throws Exception {
        try (MemberSite site = new MemberSite(Refusal.UNAUTHORIZED, 1, 1_000_000)) {
            CrawlReport report =
                    crawl(session(site, expired(Refusal.UNAUTHORIZED)), site.url("/forbidden"));

            assertThat(report.finishReason()).isEqualTo(FinishReason.EXHAUSTED);
            assertThat(recorded.counts()).isEqualTo(Map.of("failed/session", 1L));
            assertThat(recorded.outcomes().getFirst().reason()).contains(Reason.SESSION);
            assertThat(site.logins()).isEqualTo(2);
        }
    }

    @Test
    void sessionThatServesNothingEndsTheCrawl() throws Exception {
        try (MemberSite site = new MemberSite(Refusal.UNAUTHORIZED, 1, 0)) {
            String[] starts = IntStream.range(0, 200).mapToObj(page -> site.url("/p/" + page)).toArray(String[]::new);
            CrawlReport report = crawl(Jobs.impatient(starts)
                    .session(session(site, expired(Refusal.UNAUTHORIZED)))
                    .concurrency(2)
                    .build());

            assertThat(report.finishReason()).isEqualTo(FinishReason.FAILED);
            assertThat(report.failure().orElseThrow().kind()).isEqualTo(CrawlFailure.Kind.LOGIN);
            assertThat(report.failure().orElseThrow().message()).contains("session.maxLogins", "3 logins in a row");
            assertThat(site.logins()).isEqualTo(3);
            assertThat(recorded.counts()).containsOnlyKeys("cancelled/aborted");
        }
    }

    @Test
    void failedLoginNamesTheStepAndWhatIsMissing() throws Exception {
        try (MemberSite site = new MemberSite(Refusal.REDIRECT, 1, 10)) {
            Session wrong = new Session(steps(site, "wrong-secret"), Optional.of(css("a.logout")), List.of(), Map.of(),
                    url("/login"), 3);
            CrawlReport report = crawl(wrong, site.url("/p/0"));

            assertThat(report.finishReason()).isEqualTo(FinishReason.FAILED);
            assertThat(report.failure().orElseThrow().message())
                    .contains("step 2 of session.login (POST /login)", "success.css matches nothing")
                    .doesNotContain("wrong-secret");
            assertThat(report.fetching().logins()).isEqualTo(new Auxiliary(0, 1));
            assertThat(site.served()).isEmpty();
            assertThat(recorded.counts()).isEqualTo(Map.of("cancelled/aborted", 1L));
        }
    }

    @Test
    void stepThatLacksItsValueIsNamed() throws Exception {
        try (MemberSite site = new MemberSite(Refusal.REDIRECT, 1, 10)) {
            Field other = Field.select("csrf", new Selector.Css("input[name=nonce]")).attr("value").build();
            List<Session.Step> steps = List.of(new Send(get(site.url("/login")), List.of(other)),
                    steps(site, PASSWORD).get(1));
            CrawlReport report = crawl(
                    new Session(steps, Optional.empty(), List.of(), Map.of(), url("/login"), 3), site.url("/p/0"));

            assertThat(report.failure().orElseThrow().message())
                    .contains("step 1 of session.login (url " + site.url("/login") + ")", "values.csrf: no match");
        }
    }

    @Test
    void tokenOfALoginGoesIntoTheHeadersOfItsOrigins() throws Exception {
        try (MemberSite site = new MemberSite(Refusal.UNAUTHORIZED, 120, 50);
                MemberSite elsewhere = new MemberSite(Refusal.UNAUTHORIZED, 1, 50)) {
            RequestTemplate login = new RequestTemplate(site.url("/api/login"), Method.POST, Map.of(),
                    Optional.of(new RequestTemplate.Json("{\"user\":\"ann\",\"key\":7}")));
            Session session = new Session(
                    List.of(new Send(login, List.of(Field.select("token",
                            new Selector.Json("/token", Optional.empty())).build()))),
                    Optional.empty(), List.of(), Map.of("Authorization", "Bearer {token}"),
                    expired(Refusal.UNAUTHORIZED), 3);
            CrawlReport report = crawl(session, site.url("/p/0"), elsewhere.url("/open"));

            assertThat(report.finishReason()).as("%s", report.failure()).isEqualTo(FinishReason.EXHAUSTED);
            assertThat(recorded.urls("ok")).contains(pages(site, 120).toArray(String[]::new));
            assertThat(report.fetching().logins()).isEqualTo(new Auxiliary(3, 0));
            assertThat(site.served().values()).as("served once each").allMatch(count -> count == 1);
            assertThat(site.logins()).isEqualTo(3);
            assertThat(elsewhere.requests).isNotEmpty()
                    .allSatisfy(request -> assertThat(request.getHeaders().get("Authorization")).isNull());
        }
    }

    @Test
    void nothingButRobotsIsAskedBeforeTheLogin() throws Exception {
        try (MemberSite site = new MemberSite(Refusal.REDIRECT, 20, 1_000)) {
            crawl(session(site, url("/login")), site.url("/p/0"), site.url("/open"));

            List<String> paths = site.requests.stream()
                    .map(request -> request.getMethod() + " " + request.getUrl().encodedPath())
                    .filter(line -> !line.endsWith("/robots.txt"))
                    .limit(3)
                    .collect(Collectors.toList());
            assertThat(paths).containsExactly("GET /login", "POST /login", "GET /account");
            assertThat(recorded.outcomes()).extracting(Recorded::url).doesNotContain(site.url("/login"));
        }
    }

    @Test
    void redirectTakesNoPasswordToAnotherOrigin() throws Exception {
        try (MemberSite site = new MemberSite(Refusal.REDIRECT, 1, 10);
                MemberSite other = new MemberSite(Refusal.REDIRECT, 1, 10)) {
            RequestTemplate.Form form = new RequestTemplate.Form(List.of(Map.entry("password", PASSWORD)));
            RequestTemplate login = new RequestTemplate(site.url("/away?to=" + other.url("/login")), Method.POST,
                    Map.of(), Optional.of(form));
            CrawlReport report = crawl(new Session(List.of(new Send(login, List.of())), Optional.empty(),
                    List.of(), Map.of(), url("/login"), 3), site.url("/p/0"));

            assertThat(report.failure().orElseThrow().message())
                    .contains("step 1 of session.login", other.url(""), "list it in session.origins");
            assertThat(other.requests).isEmpty();
        }
    }

    @Test
    void redirectTakesThePasswordToAnOriginThatTheJobNames() throws Exception {
        try (MemberSite site = new MemberSite(Refusal.REDIRECT, 1, 10);
                MemberSite other = new MemberSite(Refusal.REDIRECT, 1, 10)) {
            RequestTemplate.Form form = new RequestTemplate.Form(List.of(Map.entry("password", "secret")));
            RequestTemplate login = new RequestTemplate(site.url("/away?to=" + other.url("/login")), Method.POST,
                    Map.of(), Optional.of(form));
            CrawlReport report = crawl(new Session(List.of(new Send(login, List.of())), Optional.empty(),
                    List.of(CanonicalUrl.of(other.url("/"))), Map.of(), url("/login"), 3), site.url("/open"));

            assertThat(report.failure()).isEmpty();
            assertThat(other.requests).singleElement()
                    .satisfies(request -> assertThat(request.getBody().utf8()).isEqualTo("password=secret"));
        }
    }

    /** A login by a step that posts a secret, which may go to one site only. */
    private CrawlReport crawlWithSecret(String loginUrl, MemberSite mayHaveIt, MemberSite origin)
            throws InterruptedException {
        CanonicalUrl allowed = CanonicalUrl.of(mayHaveIt.url("/"));
        Secrets secrets = new Secrets(Map.of("KEY",
                new Secrets.Secret(PASSWORD, List.of(Scope.Domain.parse(allowed.host().toString())))));
        RequestTemplate login = new RequestTemplate(loginUrl, Method.POST, Map.of(),
                Optional.of(new RequestTemplate.Json("{\"key\":\"${KEY}\"}")), true);
        Session session = new Session(List.of(new Send(login, List.of())), Optional.empty(),
                List.of(CanonicalUrl.of(origin.url("/"))), Map.of(), Signs.NONE, 3);
        return crawl(Jobs.impatient(mayHaveIt.url("/open"))
                .http(Http.DEFAULT.toBuilder().secrets(secrets).build())
                .session(session)
                .build());
    }

    @Test
    void stepSendsASecretToItsHostsOnly() throws Exception {
        try (MemberSite site = new MemberSite(Refusal.REDIRECT, 1, 10);
                MemberSite other = new MemberSite(Refusal.REDIRECT, 1, 10)) {
            CrawlReport there = crawlWithSecret(other.url("/login"), site, other);
            assertThat(there.finishReason()).isEqualTo(FinishReason.FAILED);
            assertThat(there.failure().orElseThrow().message())
                    .contains("step 1 of session.login (POST " + other.url("/login") + ")",
                            "the secret KEY of its body does not go to " + other.url(""))
                    .doesNotContain(PASSWORD);
            assertThat(there.fetching().logins()).isEqualTo(new Auxiliary(0, 1));
            assertThat(other.requests).isEmpty();
        }
    }

    @Test
    void redirectOfAStepTakesASecretToItsHostsOnly() throws Exception {
        try (MemberSite site = new MemberSite(Refusal.REDIRECT, 1, 10);
                MemberSite other = new MemberSite(Refusal.REDIRECT, 1, 10)) {
            CrawlReport redirected = crawlWithSecret(site.url("/away?to=" + other.url("/login")), site, other);
            assertThat(redirected.failure().orElseThrow().message())
                    .contains("the secret KEY of its body does not go to " + other.url(""),
                            "from " + other.url("/login"))
                    .doesNotContain(PASSWORD);
            assertThat(other.requests).isEmpty();
            assertThat(site.requests).filteredOn(request -> request.getMethod().equals("POST"))
                    .singleElement()
                    .satisfies(request -> assertThat(request.getBody().utf8())
                            .isEqualTo("{\"key\":\"" + PASSWORD + "\"}"));
        }
    }

    @Test
    void loginThatAnswersWithAnErrorFailsByItsStatus() throws Exception {
        try (MemberSite site = new MemberSite(Refusal.REDIRECT, 1, 10)) {
            RequestTemplate login = new RequestTemplate(site.url("/api/login"), Method.POST, Map.of(),
                    Optional.of(new RequestTemplate.Json("{\"user\":\"bob\"}")));
            CrawlReport report = crawl(new Session(List.of(new Send(login, List.of())), Optional.empty(),
                    List.of(), Map.of(), url("/login"), 3), site.url("/p/0"));

            assertThat(report.failure().orElseThrow().message()).endsWith("HTTP status 403");
            assertThat(site.requests).filteredOn(request -> request.getMethod().equals("POST")).hasSize(1);
        }
    }
}
