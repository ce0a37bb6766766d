package fanout.frontier;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.host.HostFeedback;
import fanout.host.HostHealth;
import fanout.job.CrawlJob;
import fanout.job.Retries;
import fanout.outcome.Failure;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RetryRuleTest {

    private static final CrawlJob JOB = CrawlJob.builder("retries")
            .startUrl("http://example.org/")
            .retries(new Retries(3, Duration.ofSeconds(1), Duration.ofSeconds(9)))
            .build();
    private static final Duration PATIENCE = JOB.politeness().maxRetryAfter();
    private static final Failure BUSY = new Failure.HttpStatus(503);
    private static final Failure MISSING = new Failure.HttpStatus(404);

    private final RetryRule rule = new RetryRule(JOB, new SplittableRandom(1));

    private static HostFeedback asking(Duration patience) {
        return new HostFeedback(Optional.empty(), 503, Optional.of(patience), HostHealth.of(BUSY));
    }

    @Test
    void asOftenAsTheJobSays() {
        assertThat(rule.applies(BUSY, 1, HostFeedback.NONE)).isTrue();
        assertThat(rule.applies(BUSY, 2, HostFeedback.NONE)).isTrue();
        assertThat(rule.applies(BUSY, 3, HostFeedback.NONE)).isFalse();
    }

    @Test
    void whatMayEndBetterAndForARobotsTxtAnyStatus() {
        assertThat(rule.applies(MISSING, 1, HostFeedback.NONE)).isFalse();
        assertThat(rule.appliesToRobots(MISSING, 1, HostFeedback.NONE)).isTrue();
        assertThat(rule.appliesToRobots(new Failure.PrivateAddress("127.0.0.1"), 1, HostFeedback.NONE)).isFalse();
        assertThat(rule.appliesToRobots(new Failure.Connection("reset"), 2, HostFeedback.NONE)).isTrue();
        assertThat(rule.appliesToRobots(new Failure.Connection("reset"), 3, HostFeedback.NONE)).isFalse();
    }

    @Test
    void ifTheHostAsksForNoMorePatienceThanTheJobHas() {
        assertThat(rule.applies(BUSY, 1, asking(PATIENCE))).isTrue();
        assertThat(rule.applies(BUSY, 1, asking(PATIENCE.plusNanos(1)))).isFalse();
    }
}
