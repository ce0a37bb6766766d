package fanout.internal.parse;

import static fanout.internal.parse.TestPages.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import fanout.internal.parse.PageParser.ParseResult.Parsed;
import fanout.job.Field;
import fanout.job.FollowRule;
import fanout.job.Http;
import fanout.job.RequestTemplate;
import fanout.job.SecretText;
import fanout.job.Secrets;
import fanout.job.Selector;
import fanout.job.TemplateText;
import fanout.page.Link;
import fanout.page.Request;
import fanout.page.Request.Details;
import fanout.page.Request.Method;
import fanout.page.Request.References;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that pages are asked to fill. */
class TemplateRequestTest {

    private static final RequestTemplate NEXT =
            new RequestTemplate("?n={n}", Method.GET, Map.of(), Optional.empty());

    private static FollowRule rule(RequestTemplate request, List<Field> values) {
        return new FollowRule(new FollowRule.Template(request, values, Optional.empty(), Optional.empty()),
                Optional.empty(), 0,
                List.of(), List.of(), List.of());
    }

    private static Field counter(String add) {
        return new Field("n", new Field.OfData("n", Optional.empty(), Optional.of(new BigDecimal(add)),
                Optional.empty()), false);
    }

    private static RawPage withData(RawPage page, Map<String, Object> data) {
        Request request = page.request().with(Details.of(data));
        return new RawPage(request, page.head(), page.fetchedAt(), page.headers(), page.contentType(), page.body());
    }

    private static Parsed parse(PageParser parser, RawPage page) throws InterruptedException {
        return (Parsed) TestPages.within(Duration.ofSeconds(20), () -> TestPages.parse(parser, page));
    }

    private static FollowTally.Sum.Example flaw(PageParser parser) {
        return Objects.requireNonNull(parser.follows().getFirst().example());
    }

    @ParameterizedTest
    @CsvSource({"2, 1, 3", "' 2 ', 1, 3", "2, 0.5, 2.5", "1.5, 1.5, 3", "-1, 1, 0", "90, 10, 100"})
    void aCounterAddsToANumber(String data, String add, String sum) throws InterruptedException {
        PageParser parser = TestPages.parser(job().follow(List.of(rule(NEXT, List.of(counter(add))))).build());

        Parsed parsed = parse(parser, withData(TestPages.html("<p>"), Map.of("n", data)));

        assertThat(TestPages.urls(parsed)).containsExactly(TestPages.URL + "?n=" + sum);
        assertThat(parsed.links()).extracting(Link::details)
                .containsExactly(Optional.of(Details.of(Map.of("n", data))));
        assertThat(parser.counts().asked()).as("no value looks at the page").isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "two", "0x10",
        "11111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111"})
    void aCounterAddsToNothingElse(String data) throws InterruptedException {
        PageParser parser = TestPages.parser(job().follow(List.of(rule(NEXT, List.of(counter("1"))))).build());

        assertThat(parse(parser, withData(TestPages.html("<p>"), Map.of("n", data))).links()).isEmpty();
    }

    @Test
    void whatIsTooLargeIsNotSent() throws InterruptedException {
        RequestTemplate post = new RequestTemplate("/a", Method.POST, Map.of(),
                Optional.of(new RequestTemplate.Text("text/plain", "{t}{t}{t}")));
        Field text = Field.select("t", new Selector.Css("p")).build();
        PageParser parser = TestPages.parser(job().follow(List.of(rule(post, List.of(text)))).build());

        assertThat(parse(parser, TestPages.html("<p>" + "x".repeat(300_000))).links()).hasSize(1);
        assertThat(parse(parser, TestPages.html("<p>" + "x".repeat(400_000))).links()).isEmpty();
        assertThat(flaw(parser).reason()).isEqualTo("the request has more than 1048576 characters");
    }

    /** Each of these would take gigabytes if it were made before it is measured. */
    @ParameterizedTest
    @ValueSource(strings = {"URL", "header", "form", "json", "text"})
    void aValueThatIsNamedAgainAndAgainIsNotRepeated(String place) throws InterruptedException {
        String many = "{t}".repeat(10_000);
        String url = place.equals("URL") ? "/" + many : "/a";
        Map<String, String> headers = place.equals("header") ? Map.of("X-A", many) : Map.of();
        Optional<RequestTemplate.Body> body = switch (place) {
            case "form" -> Optional.of(new RequestTemplate.Form(List.of(Map.entry("a", many))));
            case "json" -> Optional.of(new RequestTemplate.Json("[\"" + many + "\"]"));
            case "text" -> Optional.of(new RequestTemplate.Text("text/plain", many));
            default -> Optional.empty();
        };
        Field text = Field.select("t", new Selector.Css("p")).build();
        PageParser parser = TestPages.parser(job().follow(
                List.of(rule(new RequestTemplate(url, Method.POST, headers, body), List.of(text)))).build());

        assertThat(parse(parser, TestPages.html("<p>" + "x".repeat(500_000))).links()).isEmpty();
        assertThat(flaw(parser).reason()).isEqualTo("the request has more than 1048576 characters");
    }

    /** A small page may lead hundreds of rules of a job to large requests. */
    @Test
    void theRequestsOfOnePageAreBoundedTogether() throws InterruptedException {
        Field text = Field.select("t", new Selector.Css("p")).build();
        List<FollowRule> rules = IntStream.range(0, 40)
                .mapToObj(i -> rule(new RequestTemplate("/" + i, Method.POST, Map.of(),
                        Optional.of(new RequestTemplate.Text("text/plain", "{t}".repeat(100)))), List.of(text)))
                .toList();
        PageParser parser = TestPages.parser(job().follow(rules).build());

        assertThat(parse(parser, TestPages.html("<p>" + "x".repeat(1_000))).links()).hasSize(10);
        assertThat(Objects.requireNonNull(parser.follows().getLast().example()).reason())
                .isEqualTo("the requests that the page leads to have more than 1048576 characters");
    }

    @Test
    void aPageThatSaysNofollowLeadsToNoRequest() throws InterruptedException {
        PageParser parser = TestPages.parser(job().follow(List.of(rule(NEXT, List.of(counter("1"))))).build());
        RawPage page = TestPages.html("<meta name=robots content=nofollow>");

        assertThat(parse(parser, withData(page, Map.of("n", 1))).links()).isEmpty();
    }

    @Test
    void aTemplateNeedsAValueForEachPlaceholder() {
        assertThatIllegalArgumentException().isThrownBy(() -> rule(NEXT, List.of()))
                .withMessage("follow.request has placeholders that are no values: [n]");
        RequestTemplate json = new RequestTemplate("/a", Method.PUT, Map.of("X-A", "{h}"),
                Optional.of(new RequestTemplate.Json("{\"a\": [\"{j}\", {\"{k}\": \"x{l}\"}]}")));
        assertThat(json.names()).containsExactlyInAnyOrder("h", "j", "l");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RequestTemplate("/a", Method.GET, Map.of(), json.body()))
                .withMessageStartingWith("method must be POST");
    }

    /** The page says what would be a reference, alone or together with the text around it. */
    @Test
    void aPageCannotAskForASecret() throws InterruptedException {
        Field value = Field.select("v", new Selector.Css("p")).build();
        RequestTemplate json = new RequestTemplate("/a", Method.POST, Map.of("X-A", "$${v} ${KEY}"),
                Optional.of(new RequestTemplate.Json("{\"a\": \"$${v}${KEY}\", \"b\": \"{v}\"}")), true);
        RequestTemplate form = new RequestTemplate("/b", Method.POST, Map.of(),
                Optional.of(new RequestTemplate.Form(List.of(Map.entry("f", "$${v}${KEY}")))), true);
        PageParser parser = TestPages.parser(job()
                .http(Http.DEFAULT.toBuilder().secrets(Secrets.of(Map.of("KEY", "hush", "PASSWORD", "p"))).build())
                .follow(List.of(rule(json, List.of(value)), rule(form, List.of(value))))
                .build());

        for (String said : List.of("${PASSWORD}", "{PASSWORD}", "$", "$$", "$${PASSWORD}")) {
            List<Link> links = parse(parser, TestPages.html("<p>" + said)).links();

            Details ofJson = links.getFirst().details().orElseThrow();
            assertThat(ofJson.references()).isEqualTo(References.IN_JSON);
            assertThat(resolved(ofJson.headers().get("X-A"), References.IN_TEXT)).isEqualTo("$" + said + " hush");
            assertThat(resolved(ofJson.body().orElseThrow().text(), References.IN_JSON))
                    .isEqualTo("{\"a\":\"$" + said + "hush\",\"b\":\"" + said + "\"}");
            Details ofForm = links.getLast().details().orElseThrow();
            assertThat(resolved(ofForm.body().orElseThrow().text(), ofForm.references()))
                    .isEqualTo(Request.Body.form(List.of(Map.entry("f", "$" + said + "hush"))).text());
        }
    }

    private static String resolved(@Nullable String text, References place) {
        return new SecretText(Objects.requireNonNull(text)).resolved(name -> name.equals("KEY") ? "hush" : "LEAK",
                place);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "a{", "{}", "{a", "{a b}", "{1}", "{{{"})
    void aBraceThatBeginsNoPlaceholderIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> TemplateText.of(text))
                .withMessageEndingWith("that begins no placeholder, as in {name}; for a brace write {{");
    }

    @Test
    void twoBracesAreOne() {
        assertThat(TemplateText.of("{{a}{b}}").parts()).containsExactly(new TemplateText.Part.Literal("{a}"),
                new TemplateText.Part.Placeholder("b"), new TemplateText.Part.Literal("}"));
        assertThat(TemplateText.of("{b}").whole()).contains("b");
        assertThat(TemplateText.of("{b}{c}").whole()).isEmpty();
        assertThat(TemplateText.of("").parts()).isEmpty();
    }
}
