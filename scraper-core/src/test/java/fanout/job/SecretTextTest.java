package fanout.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import fanout.page.Request;
import fanout.page.Request.Body;
import fanout.page.Request.Details;
import fanout.page.Request.Method;
import fanout.page.Request.References;
import fanout.url.CanonicalUrl;
import fanout.url.Scope;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SecretTextTest {

    private static final String HUSH = "h&\"\\\n${A}$$ é";
    private final Map<String, String> secrets = Map.of("A", HUSH, "secret:shop", "$1");

    private String resolved(String written, References place) {
        return new SecretText(written).resolved(name -> Objects.requireNonNull(secrets.get(name)), place);
    }

    @Test
    void secretsArePutInAsTheyAreAndOnlyOnce() {
        SecretText text = new SecretText("x ${A}-${secret:shop} {token} $A $$ $${A} ${1}");

        assertThat(resolved(text.written(), References.IN_TEXT))
                .isEqualTo("x " + HUSH + "-$1 {token} $A $ ${A} ${1}");
        assertThat(text.names()).containsExactlyInAnyOrder("A", "secret:shop");
        assertThat(new SecretText("${" + "A".repeat(300) + "}").names()).hasSize(1);
        assertThat(text.toString()).contains("${secret:shop}").doesNotContain(HUSH);
    }

    @Test
    void aSecretIsWrittenAsItsPlaceWantsIt() {
        Body form = SecretText.form(List.of(Map.entry("a$", SecretText.literal("1$&") + "${A}"),
                Map.entry("b", "${A}x")));

        assertThat(form.text()).isEqualTo("a%24=1%24%26${A}&b=${A}x");
        assertThat(form.contentType()).isEqualTo("application/x-www-form-urlencoded");
        assertThat(resolved(form.text(), References.IN_FORM))
                .isEqualTo(Body.form(List.of(Map.entry("a$", "1$&" + HUSH), Map.entry("b", HUSH + "x"))).text());
        assertThat(resolved("{\"a\":\"${A}\"}", References.IN_JSON))
                .isEqualTo("{\"a\":\"h&\\\"\\\\\\u000a${A}$$ é\"}");
    }

    @Test
    void whatIsTakenLiterallyRefersToNothing() {
        String text = "$ $$ ${A} $${A} {A}";

        assertThat(new SecretText(SecretText.literal(text)).names()).isEmpty();
        assertThat(resolved(SecretText.literal(text), References.IN_TEXT)).isEqualTo(text);
    }

    private static CrawlJob.Builder job(Map<String, String> secrets, String header) {
        return CrawlJob.builder("test")
                .startUrl("http://example.org/")
                .http(Http.DEFAULT.toBuilder().secrets(Secrets.of(secrets)).headers(Map.of("X-A", header)).build());
    }

    @Test
    void aJobRefersToSecretsThatAreSetAndCanBeSent() {
        assertThatIllegalArgumentException().isThrownBy(() -> job(Map.of("A", "a"), "${B}"))
                .withMessage("http.headers.X-A refers to the secret B, which is not set");
        assertThatIllegalArgumentException().isThrownBy(() -> job(Map.of("A", "hush\n"), "x ${A}"))
                .withMessage("http.headers.X-A must be printable ASCII, which the secret A is not: character 5 is "
                        + "U+000A");
        Details body = new Details(Method.POST, Map.of(), Optional.of(new Body("text/plain", "${A}")), 0, Map.of())
                .with(References.IN_TEXT);
        Request post = Request.to(CanonicalUrl.of("http://example.org/p")).build().with(body);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CrawlJob.builder("test").startUrl(post).build())
                .withMessage("startUrls refers to the secret A, which is not set");
        assertThat(job(Map.of("A", "hush\n"), "x").startUrl(post).build().toString()).contains("${A}", "A=***")
                .doesNotContain("hush");
        RequestTemplate template = new RequestTemplate("/a", Method.GET, Map.of("X-B", "${B}"), Optional.empty(), true);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> job(Map.of("A", "a"), "x").follow(List.of(rule(template))).build())
                .withMessage("headers.X-B refers to the secret B, which is not set");
    }

    @Test
    void aFormToFollowRefersToSecretsThatEveryFormSendsAlike() {
        FollowRule form = new FollowRule(new FollowRule.Form(new FormFill(new Selector.Css("form"),
                Map.of("key", List.of("$$", "x ${A}")), Optional.empty()), true, Optional.empty()), Optional.empty(), 0,
                List.of(), List.of(), List.of());

        assertThatIllegalArgumentException().isThrownBy(() -> job(Map.of("B", "b"), "").follow(List.of(form)).build())
                .withMessage("fields.key refers to the secret A, which is not set");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> job(Map.of("A", "hush\nhush"), "").follow(List.of(form)).build())
                .withMessage("fields.key must have no line break, as the secret A has; send it by a request with form");
        assertThat(job(Map.of("A", "h\u00fcsh"), "").follow(List.of(form)).build().toString())
                .doesNotContain("h\u00fcsh");
    }

    private static FollowRule rule(RequestTemplate template) {
        return new FollowRule(new FollowRule.Template(template, List.of(), Optional.empty(), Optional.empty()),
                Optional.empty(), 0, List.of(), List.of(), List.of());
    }

    private static Request to(String url) {
        Details body = new Details(Method.POST, Map.of(), Optional.of(new Body("text/plain", "${A}${B}")), 0, Map.of());
        return Request.to(CanonicalUrl.of(url)).build().with(body.with(References.IN_TEXT));
    }

    @Test
    void secretsGoWhereTheJobOrTheirHostsSay() {
        Secrets given = new Secrets(Map.of("A", new Secrets.Secret("a", List.of()), "B", new Secrets.Secret("b",
                List.of(Scope.Domain.parse("example.org"), Scope.Domain.parse("api.test:8080")))));
        CrawlJob job = CrawlJob.builder("test")
                .startUrl("http://example.org/")
                .startUrl("http://other.test/")
                .http(Http.DEFAULT.toBuilder().secrets(given).build())
                .follow(List.of(rule(new RequestTemplate("http://api.test:8080/x", Method.GET, Map.of(),
                        Optional.empty()))))
                .build();
        SecretRules rules = new SecretRules(job.start(), job.parsing(), job.session(), job.http().secrets());

        assertThat(rules.refusal(to("http://example.org/x"))).isEmpty();
        assertThat(rules.refusal(to("http://api.test:8080/y"))).isEmpty();
        assertThat(rules.refusal(to("http://other.test/")))
                .contains("the secret B of its body does not go to http://other.test");
        assertThat(rules.refusal(to("http://www.example.org/")))
                .contains("the secret A of its body does not go to http://www.example.org");
        assertThat(rules.refusal(to("https://example.org/"))).as("another origin").isPresent();
        assertThat(rules.refusal(to("http://other.test/").with(Details.NONE))).isEmpty();
    }

    private static CrawlJob members(String header) {
        Session session = new Session(
                List.of(new Session.Send(new RequestTemplate("http://login.test/in", Method.GET, Map.of(),
                        Optional.empty()), List.of())),
                Optional.empty(), List.of(CanonicalUrl.of("http://member.test/x")),
                new Session.Headers(Map.of("X-A", header), true), Session.Signs.NONE, 3);
        return job(Map.of("A", "hush", "B", "hush\n"), "").session(session).build();
    }

    @Test
    void secretsGoToTheStepsAndOriginsOfASession() {
        CrawlJob job = members("${A} $$");
        SecretRules rules = new SecretRules(job.start(), job.parsing(), job.session(), job.http().secrets());

        assertThat(Stream.of("http://login.test/", "http://member.test/", "http://example.org/")
                .filter(url -> rules.go(new SecretText("${A}"), CanonicalUrl.of(url)))).hasSize(3);
        assertThat(rules.go(new SecretText("${A}"), CanonicalUrl.of("http://www.member.test/"))).isFalse();
        assertThat(job.toString()).doesNotContain("hush");
        assertThatIllegalArgumentException().isThrownBy(() -> members("${B}"))
                .withMessage("session.headers.X-A must be printable ASCII, which the secret B is not: character 5 is "
                        + "U+000A");
        assertThatIllegalArgumentException().isThrownBy(() -> members("${C}"))
                .withMessage("session.headers.X-A refers to the secret C, which is not set");
        assertThatIllegalArgumentException().isThrownBy(() -> members("${A}{token}"))
                .withMessage("session.headers.X-A has placeholders that are no values of a step before: [token]");
    }

    @Test
    void anOriginWithAPlaceholderIsNotNamed() {
        for (String url : List.of("http://{h}/", "http://a.test{h}/", "{u}", "/a", "http://")) {
            assertThat(new RequestTemplate(url, Method.GET, Map.of(), Optional.empty()).origin()).isEmpty();
        }
        assertThat(new RequestTemplate("HTTP://A.test:80/{h}", Method.GET, Map.of(), Optional.empty()).origin())
                .contains("http://a.test");
    }
}
