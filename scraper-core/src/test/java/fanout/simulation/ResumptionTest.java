package fanout.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Whole crawls, simulated, that are killed at any step and go on. See {@code docs/simulation.md}. */
class ResumptionTest {

    private static final long ENOUGH = 250;
    private static final long SEEDS = Long.getLong("fanout.seeds", SimulationTest.seeds(50, ENOUGH));
    private static final long FIRST = Long.getLong("fanout.firstSeed", 0);

    @Test
    @DisabledIfSystemProperty(named = "fanout.seed", matches = ".*", disabledReason = "one seed is looked at")
    void everySeedEndsAsIfNothingHadHappened() {
        SeedRun.Found found = ResumptionRun.of(FIRST, SEEDS);
        if (!found.complaints().isEmpty()) {
            long seed = FIRST + found.seeds() - 1;
            throw new AssertionError("seed " + seed + ": " + String.join("\n", found.complaints()) + "\n"
                    + told(Resumption.of(seed, Trace.kept()))
                    + "\nAgain: mvn -pl scraper-core -am test -Dtest=ResumptionTest -Dfanout.seed=" + seed
                    + " -Dsurefire.failIfNoSpecifiedTests=false");
        }
        if (SEEDS >= ENOUGH) {
            assertThat(found.reached()).contains("died", "ended", "resumed", "died in the resume", "EXHAUSTED",
                    "MAX_PAGES", "INTERRUPTED", "MAX_DURATION", "ok", "redirected", "failedhttp_status",
                    "skippedrobots", "skippedbudget", "skippedcircuit_open", "cancelledinterrupted",
                    "ok outside", "redirected outside", "failedhttp_status outside");
        }
    }

    /** {@code -Dfanout.seed=N} prints what happens under a seed. */
    @Test
    void seedRunsTheSameWayAgain() {
        long seed = Long.getLong("fanout.seed", FIRST);
        String once = told(Resumption.of(seed, Trace.kept()));
        Resumption again = Resumption.of(seed, Trace.kept());
        List<String> complaints = Verdict.on(again);
        if (Long.getLong("fanout.seed") != null) {
            System.out.println(once);
        }
        assertThat(complaints).isEmpty();
        assertThat(told(again)).isEqualTo(once);
    }

    private static String told(Resumption run) {
        return run.crawlPlan + "\n" + run.plan.web() + "\n" + run.trace;
    }
}
