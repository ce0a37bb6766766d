package fanout.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.host.Circuit.Phase;
import fanout.internal.host.HostDecisions.Arrival;
import fanout.internal.host.HostDecisions.Need;
import fanout.internal.host.Work.Kind;
import fanout.outcome.Failure;
import fanout.outcome.Outcome;
import fanout.outcome.Reason;
import fanout.page.Request;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the state of a host means, case by case. */
class HostDecisionsTest {

    private static final Failure STATUS = new Failure.HttpStatus(503);
    private static final Failure REFUSED = new Failure.Connection("refused");
    private static final Map<String, RobotsState> ROBOTS = Map.of(
            "unknown", new RobotsState.Unknown(),
            "awaited", new RobotsState.Awaited(),
            "known", new RobotsState.Known(RobotsRules.ALLOW_ALL),
            "withheld", new RobotsState.Withheld(STATUS),
            "unreachable", new RobotsState.Unreachable(REFUSED));

    private static RobotsState robots(String name) {
        return Optional.ofNullable(ROBOTS.get(name)).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        // given up, robots.txt, whether the page is wanted, what becomes of it
        "false, unknown,     true,  ASKS_FOR_ROBOTS",
        "false, unknown,     false, WAITS",
        "false, awaited,     true,  WAITS",
        "false, known,       true,  WAITS",
        "false, known,       false, WAITS",
        "false, withheld,    true,  IS_DECIDED",
        "false, withheld,    false, IS_DECIDED",
        "false, unreachable, true,  IS_DECIDED",
        "true,  unknown,     true,  IS_DECIDED",
        "true,  unknown,     false, IS_DECIDED",
        "true,  awaited,     true,  IS_DECIDED",
        "true,  known,       true,  IS_DECIDED",
    })
    void aPageWaitsUnlessItsHostWillNotBeAsked(boolean isGivenUp, String robots, boolean isWanted, Arrival arrival) {
        assertThat(HostDecisions.arrival(isGivenUp, robots(robots), isWanted)).isEqualTo(arrival);
        assertThat(HostDecisions.isCondemned(isGivenUp, robots(robots))).isEqualTo(arrival == Arrival.IS_DECIDED);
    }

    @ParameterizedTest
    @CsvSource({
        // given up, robots.txt, the reason
        "false, unknown,     ",
        "false, awaited,     ",
        "false, known,       ",
        "false, withheld,    ROBOTS",
        "false, unreachable, CONNECTION",
        "true,  known,       CIRCUIT_OPEN",
        "true,  withheld,    CIRCUIT_OPEN",
        "true,  unreachable, CIRCUIT_OPEN",
    })
    void aHostThatIsNotAskedGivesItsPagesAReason(boolean isGivenUp, String robots, Reason reason) {
        Pending page = Pending.first(Request.start(CanonicalUrl.of("http://a.example.org/"), Optional.empty()),
                RedirectChain.OF_LINK);
        assertThat(HostDecisions.verdict(isGivenUp, robots(robots), page, Optional.empty())
                .map(List::getLast)
                .flatMap(Outcome::reason))
                .isEqualTo(Optional.ofNullable(reason));
    }

    @Test
    void aHostThatIsGivenUpSaysWhatItsLastFailureWas() {
        Pending page = Pending.first(Request.start(CanonicalUrl.of("http://a.example.org/"), Optional.empty()),
                RedirectChain.OF_LINK);
        assertThat(HostDecisions.verdict(true, robots("known"), page, Optional.of(new Failure.HttpStatus(503))))
                .map(List::getLast)
                .flatMap(Outcome::detail)
                .contains("the host kept failing; its last failure: http_status, HTTP status 503");
    }

    @ParameterizedTest
    @CsvSource({
        // given up, robots.txt, circuit, in flight: what may start, as L(ogin), R(obots), S(itemap), P(age)
        "false, unknown,     CLOSED,    0, LRSP",
        "false, awaited,     CLOSED,    0, LR",
        "false, known,       CLOSED,    0, LRSP",
        "false, withheld,    CLOSED,    0, LRS",
        "false, unreachable, CLOSED,    0, LRS",
        "true,  known,       OPEN,      0, RS",
        "true,  awaited,     OPEN,      0, R",
        "false, known,       CLOSED,    3, LRSP", // the shared host knows how many are too many
        "false, known,       OPEN,      0, LRSP", // when it may be asked again
        "false, known,       HALF_OPEN, 0, LRSP",
        "false, known,       OPEN,      1, ''",
        "false, known,       HALF_OPEN, 1, ''", // the probe
        "false, awaited,     HALF_OPEN, 1, ''",
    })
    void robotsTxtComesFirstAndNothingBesideAProbe(boolean isGivenUp, String robots, Phase circuit, int inFlight,
            String may) {
        for (Kind kind : Kind.values()) {
            boolean isAllowed = may.contains(kind.name().substring(0, 1));
            assertThat(HostDecisions.mayStart(kind, isGivenUp, robots(robots), circuit, inFlight, true)).as("%s", kind)
                    .isEqualTo(isAllowed);
            assertThat(HostDecisions.mayStart(kind, isGivenUp, robots(robots), circuit, inFlight, false))
                    .as("%s of a host whose page budget is spent", kind)
                    .isEqualTo(isAllowed && kind != Kind.PAGE);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // in flight, pages, sitemaps wait, robots.txt files wait
        "0, 0, false, false, NOTHING",
        "0, 0, false, true,  VISIT",
        "0, 0, true,  false, RULES",
        "0, 1, false, false, RULES",
        "1, 0, false, false, RULES", // it may bring links
        "1, 0, false, true,  RULES",
        "0, 2, true,  true,  RULES",
    })
    void robotsTxtFilesOfOtherHostsNeedNoRules(int inFlight, int pages, boolean sitemaps, boolean robotsFiles,
            Need need) {
        assertThat(HostDecisions.need(inFlight, pages, sitemaps, robotsFiles)).isEqualTo(need);
    }

    @Test
    void aHostThatAnswersWithholdsItsRobotsTxtAndOneThatDoesNotFails() {
        assertThat(HostDecisions.robotsAfter(STATUS)).isEqualTo(new RobotsState.Withheld(STATUS));
        assertThat(HostDecisions.robotsAfter(REFUSED)).isEqualTo(new RobotsState.Unreachable(REFUSED));
    }

    @ParameterizedTest
    @CsvSource({"PT1S, PT1S", "PT30S, PT30S", "PT31S, PT30S", "P1D, PT30S"})
    void aCrawlDelayCountsUpToTheMost(Duration asked, Duration counts) {
        assertThat(HostDecisions.crawlDelay(asked, Duration.ofSeconds(30))).isEqualTo(counts);
    }
}
