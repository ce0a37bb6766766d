package fanout.internal.http;

import static fanout.internal.http.SentRequests.answer;
import static fanout.internal.http.SentRequests.requests;
import static fanout.internal.http.SentRequests.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import fanout.internal.task.Ticker;
import fanout.job.CrawlJob;
import fanout.job.Http;
import fanout.job.Secrets;
import fanout.url.CanonicalUrl;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import okhttp3.Request;
import okio.Buffer;
import org.junit.jupiter.api.Test;

/** What a request carries: the headers of the job and its own, and secrets where they may go. */
class RequestHeadersTest {

    private static Requests withSecrets(Map<String, String> headers, String... starts) {
        CrawlJob.Builder job = CrawlJob.builder("test")
                .http(Http.DEFAULT.toBuilder()
                        .secrets(Secrets.of(Map.of("KEY", "hush$1", "UNUSED", "x")))
                        .headers(headers)
                        .build());
        for (String start : starts) {
            job.startUrl(start);
        }
        return new Requests(job.build(), Ticker.system());
    }

    @Test
    void everyRequestCarriesTheJobsHeadersAndUserAgent() {
        Requests requests = requests(Map.of("Accept-Language", "de", "user-agent", "someone else"), true,
                "https://a.example/");

        Request request = to(requests, "https://elsewhere.example/");

        assertThat(request.header("Accept-Language")).isEqualTo("de");
        assertThat(request.headers("User-Agent")).containsExactly("probe/1 (+https://example.org)");
        assertThat(request.header("Cookie")).isNull();
    }

    @Test
    void theJobSaysWhichMediaTypesAreAskedForIfItWantsTo() {
        assertThat(to(requests(Map.of(), true, "https://a.example/"), "https://a.example/").headers("Accept"))
                .containsExactly("text/plain");
        assertThat(to(requests(Map.of("accept", "image/png"), true, "https://a.example/"), "https://a.example/")
                .headers("Accept")).containsExactly("image/png");
    }

    private static fanout.page.Request.Details headers(String... namesAndValues) {
        Map<String, String> headers = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new fanout.page.Request.Details(fanout.page.Request.Method.POST, headers,
                Optional.of(new fanout.page.Request.Body("text/plain", "abc")), 0, Map.of());
    }

    @Test
    void headersOfARequestReplaceTheJobsButNotItsUserAgent() {
        Requests requests = requests(Map.of("Accept-Language", "de", "X-Key", "job"), true, "https://a.example/");

        Request request = to(requests, "https://a.example/", headers("x-key", "own", "ACCEPT", "application/json",
                "User-Agent", "someone else", "Content-Type", "text/csv"));

        assertThat(request.headers("X-Key")).containsExactly("own");
        assertThat(request.headers("Accept-Language")).containsExactly("de");
        assertThat(request.headers("Accept")).containsExactly("application/json");
        assertThat(request.headers("User-Agent")).containsExactly("probe/1 (+https://example.org)");
        assertThat(request.headers("Content-Type")).containsExactly("text/csv");
    }

    @Test
    void credentialsOfARequestStayAtTheStartUrlsOrigins() {
        fanout.page.Request.Details details =
                headers("Authorization", "Bearer 1", "Cookie", "a=own; b=2", "X-Key", "k");
        CrawlJob job = CrawlJob.builder("test")
                .startUrl(fanout.page.Request.start(CanonicalUrl.of("https://a.example/"), Optional.empty())
                        .with(details))
                .build();
        Requests requests = new Requests(job, Ticker.system());
        answer(requests, "https://a.example/", "a=jar", "c=3");
        answer(requests, "https://b.example/", "d=4");

        Request own = to(requests, "https://a.example/", details);
        Request other = to(requests, "https://b.example/", details);

        assertThat(own.header("Authorization")).isEqualTo("Bearer 1");
        assertThat(own.headers("Cookie")).containsExactly("a=own; b=2; c=3");
        assertThat(other.header("Authorization")).isNull();
        assertThat(other.headers("Cookie")).containsExactly("d=4");
        assertThat(other.header("X-Key")).isEqualTo("k");
        assertThat(to(requests, "https://a.example/").header("Authorization")).isNull();
    }

    @Test
    void cookiesOfARequestReplaceTheJobsOfTheirName() {
        Requests requests = requests(Map.of("Cookie", "a=job; b=job"), true, "https://a.example/");

        assertThat(to(requests, "https://a.example/", headers("cookie", "b=own")).headers("Cookie"))
                .containsExactly("a=job; b=own");
    }

    @Test
    void aRequestThatLostItsBodyHasNoContentType() {
        Requests requests = requests(Map.of(), true, "https://a.example/");
        fanout.page.Request post = fanout.page.Request.start(CanonicalUrl.of("https://a.example/"), Optional.empty())
                .with(headers("content-type", "text/csv"));

        Request get = to(requests, "https://a.example/b",
                post.redirectedTo(CanonicalUrl.of("https://a.example/b"), 303).details());

        assertThat(get.method()).isEqualTo("GET");
        assertThat(get.header("Content-Type")).isNull();
        assertThat(get.body()).isNull();
    }

    @Test
    void authorizationAndCookieGoToTheStartUrlsOriginsOnly() {
        Requests requests = requests(Map.of("authorization", "Basic eDp5", "Cookie", "session=1; flag"), true,
                "https://a.example/start", "http://b.example:8080/");
        for (String trusted : new String[]{"https://a.example/other?x", "http://b.example:8080/deep/er"}) {
            assertThat(to(requests, trusted).header("Authorization")).as(trusted).isEqualTo("Basic eDp5");
            assertThat(to(requests, trusted).header("Cookie")).as(trusted).isEqualTo("session=1; flag");
        }
        for (String other : new String[]{"http://a.example/", "https://a.example:444/", "https://sub.a.example/",
            "https://a.example.evil.example/", "http://b.example/", "https://b.example:8080/"}) {
            assertThat(to(requests, other).header("Authorization")).as(other).isNull();
            assertThat(to(requests, other).header("Cookie")).as(other).isNull();
        }
    }

    @Test
    void jobsOwnCookieWinsOverTheSites() {
        Requests requests = requests(Map.of("Cookie", "consent=mine"), true, "https://a.example/");
        answer(requests, "https://a.example/", "consent=theirs; Path=/", "id=7; Path=/");
        assertThat(to(requests, "https://a.example/").header("Cookie")).isEqualTo("consent=mine; id=7");
    }

    @Test
    void headersWithSecretsGoToTheStartOriginsOnly() {
        Requests requests = withSecrets(Map.of("X-Key", "k ${KEY}", "Authorization", "Bearer ${KEY}", "Cookie",
                "a=${KEY}; b=1", "X-Plain", "$$ $${KEY}"), "https://a.example/");

        Request here = to(requests, "https://a.example/x");
        assertThat(here.header("X-Key")).isEqualTo("k hush$1");
        assertThat(here.header("Authorization")).isEqualTo("Bearer hush$1");
        assertThat(here.header("Cookie")).isEqualTo("a=hush$1; b=1");
        for (String elsewhere : List.of("https://b.example/", "http://a.example/", "https://a.example:8443/")) {
            Request there = to(requests, elsewhere);
            assertThat(there.headers().toString()).doesNotContain("hush").doesNotContain("X-Key");
            assertThat(there.header("X-Plain")).isEqualTo("$ ${KEY}");
        }
    }

    @Test
    void secretsOfARequestArePutInWhenItIsSent() throws IOException {
        Requests requests = withSecrets(Map.of("Cookie", "d=1"), "https://a.example/");
        fanout.page.Request.Details details = headers("X-Key", "${KEY}", "X-Plain", "$$", "Cookie", "c=${KEY}")
                .with(fanout.page.Request.References.IN_TEXT);
        fanout.page.Request.Details form = new fanout.page.Request.Details(fanout.page.Request.Method.POST, Map.of(),
                Optional.of(new fanout.page.Request.Body("application/x-www-form-urlencoded", "p=${KEY}")), 0, Map.of())
                .with(fanout.page.Request.References.IN_FORM);

        Request here = to(requests, "https://a.example/x", details);
        assertThat(here.header("X-Key")).isEqualTo("hush$1");
        assertThat(here.header("X-Plain")).isEqualTo("$");
        assertThat(here.header("Cookie")).isEqualTo("d=1; c=hush$1");
        assertThat(body(to(requests, "https://a.example/x", form))).isEqualTo("p=hush%241");
        assertThatIllegalStateException().isThrownBy(() -> to(requests, "https://b.example/x", form))
                .withMessage("a body has a secret that does not go to https://b.example");
        assertThat(to(requests, "https://b.example/x", details).headers().toString()).contains("X-Plain: $")
                .doesNotContain("hush")
                .doesNotContain("X-Key");
        assertThat(body(to(requests, "https://a.example/x", headers("X-Key", "${KEY}")))).as("not one of secrets")
                .isEqualTo("abc");
        assertThat(to(requests, "https://a.example/x", headers("X-Key", "${KEY}")).header("X-Key")).isEqualTo("${KEY}");
    }

    private static String body(Request request) throws IOException {
        Buffer sent = new Buffer();
        Objects.requireNonNull(request.body()).writeTo(sent);
        return sent.readUtf8();
    }
}
