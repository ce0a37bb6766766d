package fanout.internal.frontier;

import static fanout.internal.frontier.TestFrontier.limits;
import static fanout.internal.frontier.TestFrontier.manners;
import static fanout.internal.frontier.TestFrontier.plain;
import static fanout.internal.frontier.TestFrontier.politeness;
import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.ManualTicker;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Why a crawl ends if more than one reason applies when it is asked: each alone, and each pair that can come together.
 */
@Timeout(10)
class FinishReasonTest {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String A = "http://a.example.org/";

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "exhausted, -, EXHAUSTED", "budget, -, MAX_PAGES", "drained, -, INTERRUPTED", "late, -, MAX_DURATION",
        "idle, -, MAX_DURATION",
        "exhausted, budget, EXHAUSTED", "exhausted, drained, EXHAUSTED", "exhausted, late, EXHAUSTED",
        "budget, drained, MAX_PAGES", "budget, late, MAX_PAGES", "budget, idle, MAX_PAGES",
        "drained, late, INTERRUPTED", "drained, idle, INTERRUPTED", "late, idle, MAX_DURATION"})
    void theFirstThatAppliesCounts(String one, String other, String reason) {
        Set<String> what = other == null ? Set.of(one) : Set.of(one, other);
        String[] urls = what.contains("exhausted") ? new String[]{A + 1} : new String[]{A + 1, A + 2};
        Duration delay = what.contains("idle") ? LIMIT.multipliedBy(2) : Duration.ofMinutes(1);
        ManualTicker ticker = ManualTicker.stopped();
        TestFrontier crawl = TestFrontier.of(plain(urls).politeness(politeness(manners(1, delay), false))
                .limits(limits(what.contains("budget") ? 1 : 10, 10, LIMIT)), ticker);
        Lease first = crawl.start();
        if (what.contains("drained")) {
            crawl.frontier.drain();
        }
        if (what.contains("late")) {
            ticker.advance(LIMIT);
        }
        crawl.ok(first);

        assertThat(crawl.end()).isEqualTo(reason);
        assertThat(crawl.end()).as("and it stays").isEqualTo(reason);
    }

    /**
     * The last moment of the crawl's time is the first at which it is over, and the first that is not too late to wait
     * for.
     */
    @ParameterizedTest
    @CsvSource({"-1, true", "0, false"})
    void hostThatIsReadyBeforeTheDeadlineIsWaitedFor(long nanosAfterTheDeadline, boolean waitedFor) {
        Duration delay = LIMIT.plusNanos(nanosAfterTheDeadline);
        TestFrontier crawl = TestFrontier.of(plain(A + 1, A + 2).politeness(politeness(manners(1, delay), false))
                .limits(limits(10, 10, LIMIT)));
        crawl.ok(crawl.start());

        assertThat(crawl.take().isPresent()).isEqualTo(waitedFor);
        crawl.giveBack();
    }
}
