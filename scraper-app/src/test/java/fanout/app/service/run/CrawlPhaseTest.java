package fanout.app.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.store.CrawlState;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a crawl that is asked to end, more than once and in any order. */
class CrawlPhaseTest {

    private static CrawlTask.Phase running() {
        CrawlTask.Phase phase = new CrawlTask.Phase(CrawlState.QUEUED);
        assertThat(phase.leave(CrawlState.QUEUED, CrawlState.RUNNING)).isTrue();
        return phase;
    }

    @ParameterizedTest
    @CsvSource({"DRAIN, DRAIN, DRAIN", "DRAIN, NOW, NOW", "NOW, DRAIN, NOW", "NOW, NOW, NOW"})
    void theStrongerRequestCountsWhicheverComesFirst(Ending first, Ending second, Ending counts) {
        CrawlTask.Phase phase = running();
        assertThat(phase.ending()).isEqualTo(Ending.NONE);

        assertThat(phase.ask(first)).contains(new CrawlTask.Phase.Asked(first, true));
        assertThat(phase.ask(second)).contains(new CrawlTask.Phase.Asked(counts, false));

        assertThat(phase.ending()).isEqualTo(counts);
        assertThat(phase.state()).isEqualTo(CrawlState.DRAINING);
    }

    @Test
    void aCrawlLeavesTheQueueOnce() {
        CrawlTask.Phase phase = new CrawlTask.Phase(CrawlState.QUEUED);
        assertThat(phase.ask(Ending.NOW)).as("it waits").isEmpty();
        assertThat(phase.ending()).isEqualTo(Ending.NONE);
        assertThat(phase.leave(CrawlState.QUEUED, CrawlState.CANCELLED)).isTrue();
        assertThat(phase.leave(CrawlState.QUEUED, CrawlState.RUNNING)).isFalse();
        assertThat(phase.state()).isEqualTo(CrawlState.CANCELLED);
    }

    @Test
    void aCrawlThatHasEndedIsAskedNothing() {
        CrawlTask.Phase phase = running();
        phase.set(CrawlState.FINISHED);
        assertThat(phase.ask(Ending.DRAIN)).isEqualTo(Optional.empty());
        assertThat(phase.state()).isEqualTo(CrawlState.FINISHED);
    }
}
