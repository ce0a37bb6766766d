package fanout.internal.http;

import static fanout.internal.http.SentRequests.answer;
import static fanout.internal.http.SentRequests.fetching;
import static fanout.internal.http.SentRequests.requests;
import static fanout.internal.http.SentRequests.to;
import static fanout.internal.http.SentRequests.under;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.ManualTicker;
import fanout.job.CrawlJob;
import fanout.job.GivenCookie;
import fanout.job.Http;
import fanout.page.OpenSession;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cookies that sites and logins set: where they go, which one wins, and how many are kept. */
class CookieStoreTest {

    private static final Set<String> MEMBERS = Set.of("https://a.example");

    @Test
    void cookiesOfEqualPathLengthComeOldestFirst() {
        Requests requests = requests(Map.of(), true, "https://a.example/");
        answer(requests, "https://www.a.example/", "first=1; Domain=a.example; Path=/", "second=1; Path=/",
                "third=1; Domain=a.example; Path=/", "longer=1; Path=/shop");
        answer(requests, "https://www.a.example/", "first=2; Domain=a.example; Path=/");
        assertThat(to(requests, "https://www.a.example/shop").header("Cookie"))
                .isEqualTo("longer=1; first=2; second=1; third=1");
        answer(requests, "https://www.a.example/", "first=; Domain=a.example; Path=/; Max-Age=0");
        answer(requests, "https://www.a.example/", "first=3; Domain=a.example; Path=/");
        assertThat(to(requests, "https://www.a.example/").header("Cookie")).isEqualTo("second=1; third=1; first=3");
    }

    @Test
    void cookiesThatAreNotAsciiAreKept() {
        Requests requests = requests(Map.of(), true, "https://a.example/");
        Headers cookies =
                new Headers.Builder().addUnsafeNonAscii("Set-Cookie", " n\u00e4me = caf\u00e9 ; Path=/; Secure")
                        .addUnsafeNonAscii("Set-Cookie", "lost=\uFFFD")
                        .addUnsafeNonAscii("Set-Cookie", "control=\u00e9\u0001")
                        .addUnsafeNonAscii("Set-Cookie", "=\u00e9")
                        .build();
        requests.remember(to(requests, "https://a.example/"), cookies,
                fetching("https://a.example/", fanout.page.Request.Details.NONE, OpenSession.NONE));
        assertThat(to(requests, "https://a.example/").header("Cookie")).isEqualTo("n\u00e4me=caf\u00e9");
        assertThat(to(requests, "http://a.example/").header("Cookie")).as("Secure").isNull();
    }

    @Test
    void cookiesComeBackWhereTheyBelong() {
        Requests requests = requests(Map.of(), true, "https://a.example/");
        answer(requests, "https://www.a.example/shop/x", "host=1", "all=2; Domain=a.example; Path=/",
                "path=3; Path=/shop", "safe=4; Secure; Path=/", "old=5; Max-Age=0", "alien=6; Domain=b.example");

        assertThat(to(requests, "https://www.a.example/shop/y").header("Cookie").split("; "))
                .containsExactlyInAnyOrder("host=1", "path=3", "all=2", "safe=4");
        assertThat(to(requests, "https://www.a.example/shop/y").header("Cookie")).as("longer paths first")
                .matches("(host=1; path=3|path=3; host=1); .*");
        assertThat(to(requests, "http://www.a.example/").header("Cookie")).isEqualTo("all=2");
        assertThat(to(requests, "https://other.a.example/shop").header("Cookie")).isEqualTo("all=2");
        assertThat(to(requests, "https://b.example/").header("Cookie")).isNull();
    }

    @Test
    void cookieIsReplacedAndDeletedByItsNamesake() {
        Requests requests = requests(Map.of(), true, "https://a.example/");
        answer(requests, "https://a.example/", "a=1; Path=/", "b=1; Path=/");
        answer(requests, "https://a.example/", "a=2; Path=/");
        assertThat(to(requests, "https://a.example/").header("Cookie").split("; ")).containsExactlyInAnyOrder("a=2",
                "b=1");
        answer(requests, "https://a.example/", "a=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
        assertThat(to(requests, "https://a.example/").header("Cookie")).isEqualTo("b=1");
    }

    @Test
    void noSiteCanSetACookieForAPublicSuffix() {
        Requests requests = requests(Map.of(), true, "https://a.example/");
        answer(requests, "https://shop.co.uk/", "super=1; Domain=co.uk; Path=/");
        answer(requests, "https://someone.github.io/", "super=1; Domain=github.io; Path=/");
        assertThat(to(requests, "https://other.co.uk/").header("Cookie")).isNull();
        assertThat(to(requests, "https://other.github.io/").header("Cookie")).isNull();
    }

    @Test
    void switchedOffCookiesAreNotKept() {
        Requests requests = requests(Map.of(), false, "https://a.example/");
        answer(requests, "https://a.example/", "a=1; Path=/");
        assertThat(to(requests, "https://a.example/").header("Cookie")).isNull();
    }

    @Test
    void domainKeepsItsFiftyNewestCookies() {
        Requests requests = requests(Map.of(), true, "https://a.example/");
        for (int i = 0; i < 60; i++) {
            answer(requests, "https://a.example/", "c" + i + "=1; Path=/");
        }
        assertThat(to(requests, "https://a.example/").header("Cookie").split("; ")).hasSize(50)
                .contains("c10=1", "c59=1")
                .doesNotContain("c9=1");
    }

    @Test
    void crawlKeepsItsThreeThousandNewestCookies() {
        Requests requests = requests(Map.of(), true, "https://a.example/");
        for (int i = 0; i < 3_010; i++) {
            answer(requests, "https://host" + i + ".example/", "c=1; Path=/");
        }
        long kept = 0;
        for (int i = 0; i < 3_010; i++) {
            kept += to(requests, "https://host" + i + ".example/").header("Cookie") == null ? 0 : 1;
        }
        assertThat(kept).isEqualTo(3_000);
        assertThat(to(requests, "https://host9.example/").header("Cookie")).isNull();
        assertThat(to(requests, "https://host10.example/").header("Cookie")).isEqualTo("c=1");
    }

    @Test
    void cookieBeyondFourKilobytesIsNotKept() {
        Requests requests = requests(Map.of(), true, "https://a.example/");
        answer(requests, "https://a.example/", "large=" + "x".repeat(4_096) + "; Path=/");
        assertThat(to(requests, "https://a.example/").header("Cookie")).isNull();
        String deep = "/" + "p".repeat(4_096);
        answer(requests, "https://a.example/", "deep=1; Path=" + deep);
        assertThat(to(requests, "https://a.example" + deep).header("Cookie")).isNull();
    }

    /** Evicted cookies of a domain take no place from others. */
    @Test
    void domainThatIsFullPushesOutItsOwnCookiesOnly() {
        Requests requests = requests(Map.of(), true, "https://a.example/");
        answer(requests, "https://first.example/", "c=1; Path=/");
        for (int i = 0; i < 60; i++) {
            answer(requests, "https://a.example/", "c" + i + "=1; Path=/");
        }
        for (int i = 0; i < 2_949; i++) {
            answer(requests, "https://host" + i + ".example/", "c=1; Path=/");
        }
        assertThat(to(requests, "https://first.example/").header("Cookie")).as("one of 1 + 50 + 2949").isNotNull();
        assertThat(to(requests, "https://a.example/").header("Cookie").split("; ")).hasSize(50);
    }

    /** The cookie that was set longest ago is the only one of its domain, to which the new one belongs, too. */
    @Test
    void cookieThatPushesOutTheOnlyOneOfItsDomainIsSent() {
        Requests requests = requests(Map.of(), true, "https://a.example/");
        answer(requests, "https://first.example/", "old=1; Path=/");
        for (int i = 0; i < 2_999; i++) {
            answer(requests, "https://host" + i + ".example/", "c=1; Path=/");
        }
        answer(requests, "https://first.example/", "new=1; Path=/");
        assertThat(to(requests, "https://first.example/").header("Cookie")).isEqualTo("new=1");
        assertThat(to(requests, "https://host0.example/").header("Cookie")).isEqualTo("c=1");
    }

    /** The ticker begins with the year 2030. */
    @ParameterizedTest
    @CsvSource({"59999, true", "60000, false", "60001, false"})
    void cookieIsSentUntilTheMomentOfItsExpiry(long afterMillis, boolean sent) {
        ManualTicker ticker = ManualTicker.stopped();
        Requests requests = requests(Map.of(), true, ticker, "https://a.example/");
        answer(requests, "https://a.example/", "a=1; Path=/; Expires=Tue, 01 Jan 2030 00:01:00 GMT");
        ticker.advance(Duration.ofMillis(afterMillis));
        assertThat(to(requests, "https://a.example/").header("Cookie") != null).isEqualTo(sent);
    }

    /** What has expired is as good as gone: its namesake is a new cookie, and comes last. */
    @Test
    void cookieThatReplacesAnExpiredOneIsTheNewest() {
        ManualTicker ticker = ManualTicker.stopped();
        Requests requests = requests(Map.of(), true, ticker, "https://a.example/");
        answer(requests, "https://a.example/", "a=1; Path=/; Expires=Tue, 01 Jan 2030 00:01:00 GMT", "b=1; Path=/");
        ticker.advance(Duration.ofMinutes(1));
        answer(requests, "https://a.example/", "a=2; Path=/");
        assertThat(to(requests, "https://a.example/").header("Cookie")).isEqualTo("b=1; a=2");
    }

    /** RFC 6265, 5.1.4: by whole segments; a cookie without a path has that of the page's folder. */
    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "/shop, /shop, true", "/shop, /shop/, true", "/shop, /shop/x, true", "/shop, /shop?x, true",
        "/shop, /shopping, false", "/shop, /, false", "/shop, /Shop, false",
        "/shop/, /shop/x, true", "/shop/, /shop, false",
        "-, /a/b, true", "-, /a/b/c, true", "-, /a, true", "-, /, false", "-, /ab, false", "shop, /a/b, true"})
    void cookieGoesToItsPathAndBelow(String path, String page, boolean sent) {
        Requests requests = requests(Map.of(), true, "https://a.example/");
        answer(requests, "https://a.example/a/page", "a=1" + (path == null ? "" : "; Path=" + path));
        assertThat(to(requests, "https://a.example" + page).header("Cookie") != null).isEqualTo(sent);
    }

    /**
     * RFC 6265, section 5.1.3: a domain and all below it, however many labels lie between; without one, this host
     * alone.
     */
    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "example.org, example.org, true", "example.org, b.example.org, true", "example.org, a.b.example.org, true",
        "example.org, other.example.org, true", "example.org, x.a.b.example.org, true",
        "example.org, w.x.y.z.example.org, true", "example.org, badexample.org, false",
        "example.org, example.org.example, false", "example.org, org.example.org, true",
        ".example.org, c.example.org, true",
        "EXAMPLE.ORG, c.d.example.org, true", "b.example.org, b.example.org, true",
        "b.example.org, c.b.example.org, true",
        "b.example.org, d.c.b.example.org, true", "b.example.org, example.org, false",
        "b.example.org, c.example.org, false", "b.example.org, b.b.example.org, true", "-, a.b.example.org, true",
        "-, x.a.b.example.org, false", "-, b.example.org, false", "-, example.org, false",
        "a.b.example.org, x.a.b.example.org, true", "a.b.example.org, b.example.org, false",
        "x.a.b.example.org, a.b.example.org, false", "x.a.b.example.org, x.a.b.example.org, false",
        "c.example.org, c.example.org, false", "org, other.org, false", "org, a.b.example.org, false"})
    void cookieGoesToItsDomainAndBelow(String domain, String host, boolean sent) {
        Requests requests = requests(Map.of(), true, "https://a.example/");
        answer(requests, "https://a.b.example.org/", "a=1; Path=/" + (domain == null ? "" : "; Domain=" + domain));
        assertThat(to(requests, "https://" + host + "/").header("Cookie")).isEqualTo(sent ? "a=1" : null);
    }

    @Test
    void cookiesOfAllLevelsComeTogetherOldestFirst() {
        Requests requests = requests(Map.of(), true, "https://a.example/");
        answer(requests, "https://a.b.example.org/", "two=1; Path=/; Domain=example.org", "host=1; Path=/",
                "one=1; Path=/; Domain=b.example.org", "deep=1; Path=/x; Domain=example.org");
        answer(requests, "https://c.example.org/", "same=2; Path=/; Domain=example.org");
        answer(requests, "https://a.b.example.org/", "same=3; Path=/; Domain=b.example.org");
        assertThat(to(requests, "https://a.b.example.org/x").header("Cookie"))
                .isEqualTo("deep=1; two=1; host=1; one=1; same=2; same=3");
        assertThat(to(requests, "https://d.b.example.org/").header("Cookie")).isEqualTo("two=1; one=1; same=2; same=3");
        assertThat(to(requests, "https://example.org/x/y").header("Cookie")).isEqualTo("deep=1; two=1; same=2");
    }

    /** A host that is a number has nothing above it, and a name of one label is its own. */
    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {"127.0.0.1, 0.0.1, 127.0.0.1, false", "127.0.0.1, -, 127.0.0.1, true",
        "127.0.0.1, -, 1.0.0.1, false", "127.0.0.1, 127.0.0.1, 127.0.0.1, true", "localhost, -, localhost, true",
        "localhost, -, a.localhost, false"})
    void addressesAndNamesOfOneLabelStandAlone(String from, String domain, String host, boolean sent) {
        Requests requests = requests(Map.of(), true, "https://a.example/");
        answer(requests, "http://" + from + "/", "a=1; Path=/" + (domain == null ? "" : "; Domain=" + domain));
        assertThat(to(requests, "http://" + host + "/").header("Cookie")).isEqualTo(sent ? "a=1" : null);
    }

    @Test
    void givenCookiesGoWhereTheySay() {
        ManualTicker ticker = ManualTicker.stopped();
        Instant soon = ticker.now().plusSeconds(60);
        Requests requests = new Requests(CrawlJob.builder("test")
                .startUrl("https://a.example/")
                .http(Http.DEFAULT.toBuilder()
                        .givenCookies(List.of(
                                new GivenCookie("A.example", true, "/", false, Optional.empty(), "all", "é"),
                                new GivenCookie("a.example", false, "/shop", true, Optional.of(soon), "shop", "s"),
                                new GivenCookie("a.example", false, "/", false, Optional.of(ticker.now()), "old", "o")))
                        .build())
                .build(), ticker);

        assertThat(to(requests, "https://a.example/shop/1").header("Cookie")).isEqualTo("shop=s; all=é");
        assertThat(to(requests, "http://a.example/shop/1").header("Cookie")).isEqualTo("all=é");
        assertThat(to(requests, "https://b.a.example/shop").header("Cookie")).isEqualTo("all=é");
        assertThat(to(requests, "https://b.example/").header("Cookie")).isNull();
        ticker.advance(Duration.ofSeconds(61));
        assertThat(to(requests, "https://a.example/shop/1").header("Cookie")).isEqualTo("all=é");
        answer(requests, "https://a.example/shop/1", "all=new; Domain=a.example; Path=/");
        assertThat(to(requests, "https://a.example/shop/1").header("Cookie")).isEqualTo("all=new");
    }

    @Test
    void whatALoginGivesGoesToTheOriginsOfTheSession() {
        Requests requests = requests(Map.of("X-Key", "job"), true, "https://a.example/");
        OpenSession opening = OpenSession.opening(1, MEMBERS);
        answer(requests, "https://a.example/login", opening, "sid=1; Domain=a.example; Path=/");
        answer(requests, "https://www.a.example/", OpenSession.NONE, "other=2");
        OpenSession open = new OpenSession(1, false, MEMBERS, Map.of("X-Key", "token"));

        assertThat(under(requests, "https://a.example/b", open).header("Cookie")).isEqualTo("sid=1");
        assertThat(under(requests, "https://a.example/b", open).header("X-Key")).isEqualTo("token");
        assertThat(under(requests, "https://www.a.example/", open).header("Cookie")).isEqualTo("other=2");
        assertThat(under(requests, "https://www.a.example/", open).header("X-Key")).isEqualTo("job");
        assertThat(under(requests, "http://a.example/", open).header("Cookie")).as("another scheme").isNull();
        assertThat(under(requests, "https://www.a.example/", opening).header("Cookie")).isEqualTo("sid=1; other=2");
    }

    @Test
    void cookieOfASessionStaysItsOwnWhenAPageReplacesIt() {
        Requests requests = requests(Map.of(), true, "https://a.example/");
        OpenSession open = new OpenSession(1, false, MEMBERS, Map.of());
        answer(requests, "https://a.example/login", OpenSession.opening(1, MEMBERS), "sid=1; Domain=a.example; Path=/");
        answer(requests, "https://a.example/page", open, "sid=2; Domain=a.example; Path=/");

        assertThat(under(requests, "https://a.example/", open).header("Cookie")).isEqualTo("sid=2");
        assertThat(under(requests, "https://www.a.example/", open).header("Cookie")).isNull();
    }

    @Test
    void lateAnswerToAnOldSessionUndoesNoLogin() {
        Requests requests = requests(Map.of(), true, "https://a.example/");
        OpenSession old = new OpenSession(1, false, MEMBERS, Map.of());
        answer(requests, "https://a.example/login", OpenSession.opening(1, MEMBERS), "sid=1; Path=/");
        answer(requests, "https://a.example/login", OpenSession.opening(2, MEMBERS), "sid=2; Path=/");
        answer(requests, "https://a.example/page", old, "sid=; Max-Age=0; Path=/");
        answer(requests, "https://elsewhere.example/", old, "seen=1");

        OpenSession open = new OpenSession(2, false, MEMBERS, Map.of());
        assertThat(under(requests, "https://a.example/", open).header("Cookie")).isEqualTo("sid=2");
        assertThat(under(requests, "https://elsewhere.example/", open).header("Cookie")).isEqualTo("seen=1");
    }
}
