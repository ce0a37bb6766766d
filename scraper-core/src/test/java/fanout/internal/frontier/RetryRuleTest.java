package fanout.internal.frontier;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.host.HostFeedback;
import fanout.internal.host.HostHealth;
import fanout.job.CrawlJob;
import fanout.job.Retries;
import fanout.outcome.Failed;
import fanout.outcome.Failure;
import fanout.page.Attempt;
import fanout.page.Request;
import fanout.page.Trail;
import fanout.url.CanonicalUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RetryRuleTest {

    private static final CrawlJob JOB = CrawlJob.builder("retries")
            .startUrl("http://example.org/")
            .retries(new Retries(3, Duration.ofSeconds(1), Duration.ofSeconds(9)))
            .build();
    private static final Duration PATIENCE = JOB.politeness().maxRetryAfter();
    private static final Failure BUSY = new Failure.HttpStatus(503);
    private static final Failure LOST = new Failure.Connection("reset");
    private static final Failure MISSING = new Failure.HttpStatus(404);

    private final RetryRule rule = new RetryRule(JOB, new SplittableRandom(1));

    private static Failed failed(Request.Method method, Failure failure, boolean sent) {
        Request request = Request.start(CanonicalUrl.of("http://example.org/"), Optional.empty())
                .with(new Request.Details(method, Map.of(), Optional.empty(), 0, Map.of()));
        Attempt attempt = new Attempt(Instant.EPOCH, Duration.ZERO, Optional.empty(), Optional.empty(),
                Optional.empty(), sent);
        return new Failed(request, new Trail(1, 0, Optional.of(attempt)), failure);
    }

    private static Failed get(Failure failure) {
        return failed(Request.Method.GET, failure, true);
    }

    private static HostFeedback asking(Duration patience) {
        return new HostFeedback(Optional.empty(), 503, Optional.of(patience), HostHealth.of(BUSY));
    }

    @Test
    void asOftenAsTheJobSays() {
        assertThat(rule.applies(get(BUSY), 1, HostFeedback.NONE)).isTrue();
        assertThat(rule.applies(get(BUSY), 2, HostFeedback.NONE)).isTrue();
        assertThat(rule.applies(get(BUSY), 3, HostFeedback.NONE)).isFalse();
    }

    @Test
    void whatMayEndBetterAndForARobotsTxtAnyStatus() {
        assertThat(rule.applies(get(MISSING), 1, HostFeedback.NONE)).isFalse();
        assertThat(rule.appliesToRobots(MISSING, 1, HostFeedback.NONE)).isTrue();
        assertThat(rule.appliesToRobots(new Failure.PrivateAddress("127.0.0.1"), 1, HostFeedback.NONE)).isFalse();
        assertThat(rule.appliesToRobots(new Failure.Connection("reset"), 2, HostFeedback.NONE)).isTrue();
        assertThat(rule.appliesToRobots(new Failure.Connection("reset"), 3, HostFeedback.NONE)).isFalse();
    }

    @Test
    void ifTheHostAsksForNoMorePatienceThanTheJobHas() {
        assertThat(rule.applies(get(BUSY), 1, asking(PATIENCE))).isTrue();
        assertThat(rule.applies(get(BUSY), 1, asking(PATIENCE.plusNanos(1)))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"GET, true", "HEAD, true", "PUT, true", "DELETE, true", "POST, false", "PATCH, false"})
    void whatTheServerMayHaveSeenIfTwoDoNoMoreThanOne(Request.Method method, boolean again) {
        assertThat(rule.applies(failed(method, LOST, true), 1, HostFeedback.NONE)).isEqualTo(again);
        assertThat(rule.maySendAgain(failed(method, LOST, true))).isEqualTo(again);
    }

    @ParameterizedTest
    @EnumSource(Request.Method.class)
    void whatTheServerHasNotSeenWhateverItsMethod(Request.Method method) {
        assertThat(rule.applies(failed(method, LOST, false), 1, HostFeedback.NONE)).isTrue();
        assertThat(rule.applies(failed(method, MISSING, false), 1, HostFeedback.NONE)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Request.Method.class)
    void allMethodsIfTheJobSaysSo(Request.Method method) {
        Retries unsafe = new Retries(3, Duration.ofSeconds(1), Duration.ofSeconds(9), true);
        RetryRule bold = new RetryRule(JOB.toBuilder().retries(unsafe).build(), new SplittableRandom(1));
        assertThat(bold.applies(failed(method, BUSY, true), 2, HostFeedback.NONE)).isTrue();
        assertThat(bold.applies(failed(method, BUSY, true), 3, HostFeedback.NONE)).isFalse();
    }
}
