package fanout.internal.frontier;

import static fanout.internal.frontier.TestFrontier.NO_DELAY;
import static fanout.internal.frontier.TestFrontier.limits;
import static fanout.internal.frontier.TestFrontier.manners;
import static fanout.internal.frontier.TestFrontier.plain;
import static fanout.internal.frontier.TestFrontier.politeness;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.host.Circuit.Phase;
import fanout.internal.host.HostSnapshot;
import fanout.internal.task.ManualTicker;
import fanout.job.CircuitBreaking;
import fanout.job.Limits;
import fanout.job.Retries;
import fanout.outcome.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a frontier says of its hosts: which come first, what each has done, and when it is ready again. */
@Timeout(10)
class FrontierHostsTest {

    private static final String A = "http://a.example.org/";
    private static final String B = "http://b.example.org/";
    private static final String C = "http://c.example.org/";

    private static List<String> names(TestFrontier crawl, int most) {
        return crawl.frontier.hosts(most).stream().map(host -> host.host().name()).toList();
    }

    private static HostSnapshot first(TestFrontier crawl) {
        return crawl.frontier.hosts(1).getFirst();
    }

    @Test
    void hostsThatAreAsBusyComeByTheirNames() {
        List<String> urls = new ArrayList<>();
        for (int host = 100; host < 200; host++) {
            urls.add("http://h" + host + ".example.org/");
        }
        Collections.shuffle(urls, new Random(1));
        TestFrontier crawl = TestFrontier.of(plain(urls.toArray(String[]::new)).limits(limits(1_000, 1_000,
                Duration.ofHours(1))));

        assertThat(names(crawl, 1_000)).hasSize(100).isSorted();
        assertThat(names(crawl, 3)).containsExactly("h100.example.org", "h101.example.org", "h102.example.org");
        assertThat(names(crawl, 0)).isEmpty();
    }

    @Test
    void busiestHostsComeFirst() {
        TestFrontier crawl = TestFrontier.of(plain(A + 1, B + 1, B + 2, C + 1, C + 2, C + 3));
        assertThat(names(crawl, 3)).as("by what is queued")
                .containsExactly("c.example.org", "b.example.org", "a.example.org");

        Lease one = crawl.start(A + 1);
        assertThat(names(crawl, 3)).as("by what is in flight")
                .containsExactly("a.example.org", "c.example.org", "b.example.org");

        crawl.ok(one);
        crawl.ok(crawl.start(B + 1));
        crawl.ok(crawl.start(C + 1));
        crawl.ok(crawl.start(B + 2));
        crawl.ok(crawl.start(C + 2));
        crawl.ok(crawl.start(C + 3));
        assertThat(names(crawl, 3)).as("by what is done")
                .containsExactly("c.example.org", "b.example.org", "a.example.org");
    }

    @Test
    void whatFailedIsDoneAsWell() {
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2, B + 1, B + 2, B + 3));
        crawl.ok(crawl.start(A + 1));
        crawl.ok(crawl.start(B + 1));
        crawl.ok(crawl.start(A + 2));
        crawl.status(crawl.start(B + 2), 404);
        crawl.status(crawl.start(B + 3), 404);
        assertThat(names(crawl, 2)).containsExactly("b.example.org", "a.example.org");
    }

    @Test
    void hostCountsWhatWasOkAndWhatFailedAtLast() {
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2, A + 3, A + 4)
                .retries(new Retries(2, Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .limits(Limits.DEFAULT.toBuilder().maxRedirects(0).build()));
        crawl.ok(crawl.start(A + 1));
        crawl.redirect(crawl.start(A + 2), A + "target");
        assertThat(first(crawl).failed()).as("one redirect too many").isOne();
        assertThat(first(crawl).lastFailure().orElseThrow().failure()).isEqualTo(new Failure.TooManyRedirects(0));

        crawl.status(crawl.start(A + 3), 503);
        assertThat(first(crawl).failed()).as("it is tried again").isOne();
        crawl.status(crawl.start(A + 4), 404);
        crawl.status(crawl.start(A + 3), 503);
        assertThat(first(crawl).ok()).isOne();
        assertThat(first(crawl).failed()).isEqualTo(3);
        assertThat(first(crawl).lastFailure().orElseThrow().failure()).isEqualTo(new Failure.HttpStatus(503));
    }

    /** Its pages wait for robots.txt, so its next request is for that. */
    @Test
    void hostThatWaitsToAskForRobotsTxtAgainSaysWhen() {
        Duration pause = Duration.ofSeconds(40);
        TestFrontier crawl = TestFrontier.of(plain(A).politeness(politeness(NO_DELAY, true))
                .retries(new Retries(2, pause, pause)));
        assertThat(first(crawl).readyIn()).contains(Duration.ZERO);
        crawl.status(crawl.start(A + "robots.txt"), 503);

        assertThat(first(crawl).readyIn().orElseThrow()).isBetween(pause.dividedBy(2), pause);
    }

    @Test
    void aHostWithoutWorkHasTheDelayOfItsJob() {
        Duration delay = Duration.ofSeconds(3);
        TestFrontier crawl = TestFrontier.of(plain(A + 1).politeness(politeness(manners(1, delay), false)));
        assertThat(first(crawl).delay()).isEqualTo(delay);
        crawl.ok(crawl.start());
        assertThat(first(crawl).delay()).isEqualTo(delay);
        assertThat(first(crawl).readyIn()).isEmpty();
    }

    private static Map<Phase, Integer> phases(int closed, int open, int halfOpen) {
        return Map.of(Phase.CLOSED, closed, Phase.OPEN, open, Phase.HALF_OPEN, halfOpen);
    }

    @Test
    void hostsAreCountedByThePhaseOfTheirCircuit() {
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2, B + 1).retries(
                new Retries(9, Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .circuitBreaker(new CircuitBreaking(100, 1, Duration.ofSeconds(30), 3)));
        assertThat(crawl.frontier.snapshot().hosts()).isEqualTo(phases(2, 0, 0));
        Lease other = crawl.start(A + 1);
        crawl.ok(crawl.start(B + 1));
        crawl.fail(other, new Failure.Connection("refused"));
        assertThat(crawl.frontier.snapshot().hosts()).isEqualTo(phases(1, 1, 0));
        Lease probe = crawl.start();
        assertThat(crawl.frontier.snapshot().hosts()).isEqualTo(phases(1, 0, 1));
        crawl.ok(probe);
        assertThat(crawl.frontier.snapshot().hosts()).isEqualTo(phases(2, 0, 0));
        crawl.ok(crawl.start());
    }

    @Test
    void aHostThatIsForgottenIsNotCounted() {
        Frontier.Group group = new Frontier.Group(TestFrontier.RULE_BYTES, Long.MAX_VALUE, 1);
        TestFrontier crawl = TestFrontier.of(plain(A, B, C), ManualTicker.jumping(), group);
        for (int host = 0; host < 3; host++) {
            crawl.ok(crawl.start());
        }
        assertThat(crawl.frontier.snapshot().hosts()).isEqualTo(phases(1, 0, 0));
        assertThat(names(crawl, 9)).containsExactly("c.example.org");
    }
}
