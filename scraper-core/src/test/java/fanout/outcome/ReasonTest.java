package fanout.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import fanout.page.Attempt;
import fanout.page.Content;
import fanout.page.Hyperlink;
import fanout.page.Request;
import fanout.page.ResponseHead;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words that users' scripts and dashboards rely on, and that every outcome uses. */
class ReasonTest {

    private static final Request PAGE = Request.start(CanonicalUrl.of("http://example.org/"), Optional.empty());

    /** One of each kind of failure. */
    static final List<Failure> FAILURES = List.of(new Failure.HttpStatus(404),
            new Failure.TimedOut(Stage.BODY, Duration.ofSeconds(1)), new Failure.Dns("no address"),
            new Failure.Connection("refused"), new Failure.StaleConnection(), new Failure.Tls("expired"),
            new Failure.Protocol("no status line"), new Failure.BodyTooLarge(1), new Failure.TooManyRedirects(5),
            new Failure.BadRedirect("ftp://example.org/"), new Failure.PrivateAddress("127.0.0.1"),
            new Failure.Parse("too deep"), new Failure.RobotsUnreachable(new Failure.Dns("no address")),
            new Failure.SessionRefused());

    @Test
    void eachIsFoundByItsLabelAndNothingElseIs() {
        assertThat(Reason.values()).allSatisfy(reason -> assertThat(Reason.ofLabel(reason.label())).isSameAs(reason));
        assertThatIllegalArgumentException().isThrownBy(() -> Reason.ofLabel("bad luck"));
    }

    @Test
    void wordsNeverChange() {
        Map<String, List<String>> words = Arrays.stream(Reason.values())
                .collect(Collectors.groupingBy(Reason::outcome, LinkedHashMap::new,
                        Collectors.mapping(Reason::label, Collectors.toList())));

        assertThat(words).containsExactly(
                Map.entry("failed", List.of("http_status", "timeout", "dns", "connection", "tls", "protocol",
                        "body_too_large", "too_many_redirects", "bad_redirect", "private_address", "parse", "session")),
                Map.entry("skipped", List.of("robots", "circuit_open", "budget", "refused")),
                Map.entry("cancelled", List.of("deadline", "interrupted", "aborted")));
    }

    @Test
    void everyReasonIsSomeOutcomes() {
        assertThat(FAILURES).<Class<?>>extracting(Failure::getClass)
                .containsExactlyInAnyOrder(Failure.class.getPermittedSubclasses());
        List<Outcome> outcomes = Stream.of(
                FAILURES.stream().<Outcome>map(failure -> new Failed(PAGE, Trail.NONE, failure)),
                Arrays.stream(SkipReason.values())
                        .<Outcome>map(why -> new Skipped(PAGE, Trail.NONE, why, Optional.empty())),
                Arrays.stream(CancelReason.values())
                        .<Outcome>map(why -> new Cancelled(PAGE, Trail.NONE, why, Stage.POLITENESS)))
                .flatMap(some -> some)
                .toList();

        assertThat(outcomes)
                .allSatisfy(outcome -> assertThat(outcome.reason()).hasValueSatisfying(
                        reason -> assertThat(reason.outcome()).as("%s", reason).isEqualTo(outcome.name())))
                .extracting(outcome -> outcome.reason().orElseThrow())
                .contains(Reason.values());
    }

    @Test
    void aNarrowReasonHasTheSameName() {
        assertThat(SkipReason.values()).allSatisfy(why -> assertThat(why.reason().name()).isEqualTo(why.name()));
        assertThat(CancelReason.values()).allSatisfy(why -> assertThat(why.reason().name()).isEqualTo(why.name()));
    }

    @Test
    void aReasonPrintsAsItsWord() {
        assertThat(Reason.BODY_TOO_LARGE).hasToString("body_too_large");
    }

    @Test
    void anOutcomeSaysWhatItIsAndWhy() {
        Outcome failed = new Failed(PAGE, Trail.NONE, new Failure.Dns("no address"));
        Outcome cancelled = new Cancelled(PAGE, Trail.NONE, CancelReason.DEADLINE, Stage.POLITENESS);
        Outcome skipped = new Skipped(PAGE, Trail.NONE, SkipReason.ROBOTS, Optional.of("by /robots.txt"));
        Outcome redirected = new Redirected(PAGE, Trail.NONE, PAGE.url());

        assertThat(failed.detail()).contains("no address");
        assertThat(cancelled.detail()).contains("in politeness");
        assertThat(skipped.detail()).contains("by /robots.txt");
        assertThat(redirected.name()).isEqualTo("redirected");
        assertThat(new Fetched(PAGE, Trail.NONE, Content.UNREAD, List.of()).name()).isEqualTo("ok");
        assertThat(redirected.reason()).isEmpty();
        assertThat(redirected.detail()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"303, GET", "307, POST"})
    void aRedirectLeadsOnByItsStatus(int status, Request.Method method) {
        Request form = PAGE.with(new Request.Details(Request.Method.POST, Map.of(), Optional.empty(), 0, Map.of()));
        ResponseHead head = new ResponseHead(status, Optional.empty(), Optional.empty(), Optional.empty());
        Trail trail = new Trail(1, 0, Optional.of(new Attempt(Instant.EPOCH, Duration.ofMillis(1), Optional.empty(),
                Optional.of(head), Optional.empty())));
        assertThat(new Redirected(form, trail, PAGE.url()).next())
                .isEqualTo(form.redirectedTo(PAGE.url(), status))
                .extracting(next -> next.details().method())
                .isEqualTo(method);
    }

    @Test
    void responseHasTheLinksThatItIsGiven() {
        Fetched fetched = new Fetched(PAGE, Trail.NONE, Content.UNREAD, List.of());
        Hyperlink link = new Hyperlink(PAGE.url(), Optional.empty(), Optional.empty(), false, true);

        assertThat(fetched.with(List.of(link)))
                .isEqualTo(new Fetched(PAGE, Trail.NONE, Content.UNREAD, List.of(), List.of(link)));
    }

    @Test
    void duplicateIsTheSameResponseWithTheFirstPage() {
        Hyperlink link = new Hyperlink(PAGE.url(), Optional.empty(), Optional.empty(), false, true);
        Fetched fetched = new Fetched(PAGE, Trail.NONE, Content.UNREAD, List.of(), List.of(link));
        Fetched duplicate = fetched.duplicating(PAGE.url());

        assertThat(fetched.duplicateOf()).isEmpty();
        assertThat(duplicate).isEqualTo(new Fetched(PAGE, Trail.NONE, Content.UNREAD, List.of(), List.of(link),
                Optional.of(PAGE.url())));
        assertThat(duplicate.with(List.of()).duplicateOf()).as("with other links").contains(PAGE.url());
    }
}
