package fanout.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import fanout.url.CanonicalUrl;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request, what led to its outcome, and the head of the response. */
class RequestTest {

    private static final CanonicalUrl URL = CanonicalUrl.of("http://example.org/");

    /** RFC 9110, section 9.2.2, and RFC 5789 of PATCH. */
    @Test
    void postAndPatchAreNotIdempotent() {
        assertThat(Request.Method.values()).filteredOn(method -> !method.isIdempotent())
                .containsExactlyInAnyOrder(Request.Method.POST, Request.Method.PATCH);
    }

    @Test
    void aStartIsAtDepthZeroWithoutAReferrer() {
        assertThat(Request.start(URL, Optional.of("home")))
                .isEqualTo(new Request(URL, 0, Optional.of("home"), Optional.empty()));
        assertThatIllegalArgumentException().isThrownBy(
                () -> new Request(URL, -1, Optional.empty(), Optional.empty()));
    }

    private static Request.Details details(Request.Method method, String body) {
        return new Request.Details(method, Map.of("Accept", "text/plain"),
                Optional.of(body).filter(text -> !text.isEmpty()).map(text -> new Request.Body("text/plain", text)), 5,
                Map.of("page", 2));
    }

    /** SHA-256 of "abc" is the example of FIPS 180-2. */
    @ParameterizedTest
    @CsvSource({"GET, '', http://example.org/", "POST, '', POST http://example.org/",
        "HEAD, '', HEAD http://example.org/",
        "GET, abc, GET http://example.org/ ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "PUT, abc, PUT http://example.org/ ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"})
    void theKeyIsMethodUrlAndBodyUnlessItIsAPlainGet(Request.Method method, String body, String key) {
        assertThat(Request.start(URL, Optional.empty()).with(details(method, body)).key()).isEqualTo(key);
    }

    @Test
    void linkOutOfScopeIsKnownByItsUrlAndStaysOneWhereverItLeads() {
        Request asked = Request.start(URL, Optional.of("home")).with(Request.Details.EXTERNAL);
        CanonicalUrl target = CanonicalUrl.of("http://example.org/b");

        assertThat(asked.isExternal()).isTrue();
        assertThat(Request.start(URL, Optional.empty()).isExternal()).isFalse();
        assertThat(asked.key()).isEqualTo(URL.toString());
        assertThat(asked.redirectedTo(target, 303)).isEqualTo(
                new Request(target, 0, Optional.of("home"), Optional.of(URL), Request.Details.EXTERNAL));
    }

    @Test
    void linkIsInScopeOrNot() {
        Hyperlink out = new Hyperlink(URL, Optional.of("words"), Optional.of("next"), true, false);

        assertThat(out.inScope(true))
                .isEqualTo(new Hyperlink(URL, Optional.of("words"), Optional.of("next"), true, true));
    }

    @Test
    void aGivenIdentityTakesThePlaceOfUrlAndBody() {
        Request.Details known = details(Request.Method.POST, "abc").knownBy("q=hose");
        assertThat(known).isEqualTo(new Request.Details(Request.Method.POST, Map.of("Accept", "text/plain"),
                Optional.of(new Request.Body("text/plain", "abc")), 5, Map.of("page", 2),
                Optional.of("POST = q=hose")));
        assertThat(known.key("http://example.org/")).isEqualTo("POST = q=hose");
        assertThat(known.characters() - details(Request.Method.POST, "abc").characters())
                .isEqualTo("POST = q=hose".length());
    }

    @Test
    void aRequestMayBeKnownByAnotherUrlThanItsOwn() {
        Request.Details post = details(Request.Method.POST, "");

        assertThat(post.knownAs(URL).key("http://example.org/?sid=1")).isEqualTo("POST http://example.org/");
        assertThat(post.knownBy("q").knownAs(URL)).isEqualTo(post.knownAs(URL));
        assertThat(Request.Details.NONE.knownAs(URL).key("http://example.org/?sid=1")).isEqualTo(URL.toString());
    }

    @Test
    void charactersAreThoseOfEachText() {
        assertThat(details(Request.Method.POST, "abc").characters()).isEqualTo(
                "text/plain".length() + "abc".length() + "Accept".length() + "text/plain".length() + "page2".length());
    }

    @ParameterizedTest
    @CsvSource({"POST, 301, GET", "POST, 302, GET", "POST, 303, GET", "POST, 307, POST", "POST, 308, POST",
        "PUT, 301, PUT", "PUT, 303, GET", "HEAD, 302, HEAD", "HEAD, 303, HEAD", "GET, 303, GET", "DELETE, 308, DELETE"})
    void aRedirectKeepsTheMethodOrMakesItGet(Request.Method method, int status, Request.Method then) {
        CanonicalUrl target = CanonicalUrl.of("http://example.org/b");
        Request from = new Request(URL, 3, Optional.of("list"), Optional.empty(), details(method, "abc"));

        boolean stays = method == then && !(method == Request.Method.GET);
        assertThat(from.redirectedTo(target, status)).isEqualTo(new Request(target, 3, Optional.of("list"),
                Optional.of(URL), details(then, stays ? "abc" : "")));
    }

    /** Otherwise the target would be sent the names of the secrets. */
    @Test
    void aRedirectKeepsTheReferencesToSecrets() {
        Request.Details known = details(Request.Method.POST, "abc").with(Request.References.IN_FORM).knownBy("x");
        Request from = Request.start(URL, Optional.empty()).with(known);

        assertThat(known.references()).isEqualTo(Request.References.IN_FORM);
        for (int status : List.of(302, 307)) {
            Request.Details then = from.redirectedTo(URL, status).details();
            assertThat(then.references()).isEqualTo(Request.References.IN_FORM);
            assertThat(then.identity()).isEmpty();
        }
        assertThat(known.inherited().references()).isEqualTo(Request.References.NONE);
    }

    @Test
    void aBuilderSetsEveryPart() {
        Request.Body form =
                Request.Body.form(List.of(Map.entry("q", "a b&"), Map.entry("q", "\u00fc"), Map.entry("", "")));

        assertThat(form).isEqualTo(new Request.Body("application/x-www-form-urlencoded", "q=a+b%26&q=%C3%BC&="));
        assertThat(Request.to(URL)
                .method(Request.Method.POST)
                .header("x-a", "1")
                .header("X-A", "2")
                .body(form)
                .label("list")
                .priority(3)
                .data("n", 1)
                .build())
                .isEqualTo(Request.start(URL, Optional.of("list"))
                        .with(new Request.Details(Request.Method.POST, Map.of("X-A", "2"), Optional.of(form), 3,
                                Map.of("n", 1))));
        assertThat(Request.Body.json("{}")).isEqualTo(new Request.Body("application/json", "{}"));
    }

    @Test
    void aBuilderThatIsToldNothingMakesAPlainGet() {
        assertThat(Request.to(URL).build()).isEqualTo(Request.start(URL, Optional.empty()));
        assertThat(Request.to(URL).build().details()).isSameAs(Request.Details.NONE);
    }

    @Test
    void aBuilderSendsNoBodyByGetOrHead() {
        for (Request.Method method : List.of(Request.Method.GET, Request.Method.HEAD)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Request.to(URL).method(method).body(Request.Body.json("{}")).build())
                    .withMessage("a " + method + " has no body; send it by POST, PUT, PATCH or DELETE");
        }
    }

    @Test
    void aPlainGetStaysOneWhenItIsRedirected() {
        assertThat(Request.start(URL, Optional.empty()).redirectedTo(URL, 303).details())
                .isSameAs(Request.Details.NONE);
    }

    @Test
    void whatAPageLeadsToHasItsDataAndNothingElse() {
        assertThat(details(Request.Method.POST, "abc").inherited()).isEqualTo(Request.Details.of(Map.of("page", 2)));
        assertThat(Request.Details.NONE.inherited()).isSameAs(Request.Details.NONE);
    }

    @Test
    void whatIsInheritedAlreadyIsNotCopied() {
        Map<String, Object> data = Map.of("page", 2);
        Request.Details plain = Request.Details.of(data);
        assertThat(plain.inherited()).isSameAs(plain);
        assertThat(new Request.Details(Request.Method.GET, Map.of(), Optional.empty(), 5, data).inherited())
                .isEqualTo(plain);
    }

    @Test
    void namesOfHeadersAreEqualInAnyCase() {
        assertThat(details(Request.Method.GET, "").headers()).hasSize(1).containsEntry("aCCept", "text/plain");
    }

    @Test
    void aBodyHasATypeThatCanBeSent() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Request.Body("text/plain\n", "abc"))
                .withMessage("contentType must be printable ASCII; character 11 is U+000A");
    }

    /** "text/plain" and "abc", "Accept" and "text/plain", "page" and "2". */
    @Test
    void detailsCountTheirBytesAndAPlainGetHasNone() {
        assertThat(details(Request.Method.POST, "abc").characters()).isEqualTo(10 + 3 + 6 + 10 + 4 + 1);
        assertThat(details(Request.Method.POST, "abc").bytes()).isEqualTo(120 + 2 * 100 + 34);
        assertThat(Request.Details.NONE.bytes()).isZero();
    }

    @Test
    void wholeNumbersAreLongsUnlessTheyAreTooLarge() {
        BigInteger beyond = BigInteger.ONE.shiftLeft(63);
        assertThat(Request.Details.of(Map.of("n", beyond)).data()).containsEntry("n", beyond);
        assertThat(Request.Details.of(Map.of("n", beyond.subtract(BigInteger.ONE))).data())
                .containsEntry("n", Long.MAX_VALUE);
    }

    @Test
    void dataAreScalarsAndFew() {
        Map<String, Object> given = new LinkedHashMap<>();
        given.put("b", 1);
        given.put("a", new BigDecimal("5"));
        Request.Details details = Request.Details.of(given);
        given.put("c", "later");

        assertThat(details.data()).containsExactly(Map.entry("b", 1L), Map.entry("a", 5L));
        assertThatIllegalArgumentException().isThrownBy(() -> Request.Details.of(Map.of("a", List.of())))
                .withMessageStartingWith("data.a must be text, a number, true or false");
        assertThat(Request.Details.of(Map.of("a", "x".repeat(8 * 1024 - 1))).data()).hasSize(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Request.Details.of(Map.of("a", "x".repeat(8 * 1024))))
                .withMessage("data must have at most 64 names and 8 KiB, not 1 names and 8193 bytes");
        assertThat(Request.Details.of(named(64)).data()).hasSize(64);
        assertThatIllegalArgumentException().isThrownBy(() -> Request.Details.of(named(65)))
                .withMessageContaining("not 65 names");
    }

    private static Map<String, Object> named(int names) {
        return IntStream.range(0, names).boxed().collect(Collectors.toMap(i -> "n" + i, i -> i));
    }

    @ParameterizedTest
    @CsvSource({"Host, a, 'headers.Host is set by the HTTP client and cannot be set here'",
        "'X Y', a, 'headers.X Y must be an HTTP header name, not \"X Y\"'",
        "X, é, 'headers.X must be printable ASCII; character 1 is U+00E9'"})
    void headersFollowTheRulesOfTheJobsOwn(String name, String value, String message) {
        assertThatIllegalArgumentException().isThrownBy(
                () -> new Request.Details(Request.Method.GET, Map.of(name, value), Optional.empty(), 0, Map.of()))
                .withMessage(message);
    }

    @Test
    void aTrailCountsUpFromZero() {
        assertThat(new Trail(0, 0, Optional.empty())).isEqualTo(Trail.NONE);
        assertThatIllegalArgumentException().isThrownBy(() -> new Trail(-1, 0, Optional.empty()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Trail(0, -1, Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({"199, false", "200, true", "299, true", "300, false"})
    void twoHundredToTwoHundredAndNinetyNineIsSuccess(int status, boolean success) {
        assertThat(new ResponseHead(status, Optional.empty(), Optional.empty(), Optional.empty()).isSuccess())
                .isEqualTo(success);
    }

    @Test
    void timesAlwaysHaveMilliseconds() {
        assertThat(Attempt.TIMES.format(Instant.parse("2026-03-01T12:00:00Z"))).isEqualTo("2026-03-01T12:00:00.000Z");
    }

    /** Each entry of {@code download} has a bit. */
    @Test
    void linkThatSeveralEntriesPickRemembersAll() {
        Request.Details first = Request.Details.NONE.pickedBy(1);
        Request.Details both = first.pickedBy(4);

        assertThat(first.picks()).isEqualTo(1);
        assertThat(both.picks()).isEqualTo(5);
        assertThat(both.pickedBy(4)).as("it knows that").isSameAs(both);
        assertThat(both.pickedBy(5)).isSameAs(both);
        assertThat(Request.Details.NONE.pickedBy(0)).isSameAs(Request.Details.NONE);
        assertThat(both.inherited()).as("what its page leads to was not picked").isEqualTo(Request.Details.NONE);
    }
}
