package fanout.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Whole crawls behind a login whose sessions end, simulated. See {@code docs/simulation.md}. */
class SiteSimulationTest {

    private static final long ENOUGH = 250;
    private static final long SEEDS = Long.getLong("fanout.seeds", seeds());
    private static final long FIRST = Long.getLong("fanout.firstSeed", 0);

    private static long seeds() {
        return Boolean.getBoolean("fanout.ci") ? 5_000 : Boolean.getBoolean("fanout.mutants") ? 50 : ENOUGH;
    }

    @Test
    @DisabledIfSystemProperty(named = "fanout.seed", matches = ".*", disabledReason = "one seed is looked at")
    void everySeedOfASiteKeepsEveryPromise() {
        SeedRun.Found found = SiteRun.of(FIRST, SEEDS);
        if (!found.complaints().isEmpty()) {
            long seed = FIRST + found.seeds() - 1;
            throw new AssertionError("seed " + seed + ": " + String.join("\n", found.complaints()) + "\n"
                    + told(SiteCrawl.of(seed, Trace.kept()))
                    + "\nAgain: mvn -pl scraper-core -am test -Dtest=SiteSimulationTest -Dfanout.seed=" + seed
                    + " -Dsurefire.failIfNoSpecifiedTests=false");
        }
        if (SEEDS >= ENOUGH) {
            assertThat(found.reached()).contains("died", "ended", "EXHAUSTED", "MAX_PAGES", "FAILED",
                    "too many logins", "1 logins", "2 logins", "4 logins", "ok", "redirected", "failedsession",
                    "failedhttp_status", "failedtoo_many_redirects", "skippedrobots", "skippedbudget", "a chain", "GET",
                    "POST", "more", "found", "list", "counted", "program", "start");
        }
    }

    /** {@code -Dfanout.seed=N} prints what happens under a seed. */
    @Test
    void seedOfASiteRunsTheSameWayAgain() {
        long seed = Long.getLong("fanout.seed", FIRST);
        String once = told(SiteCrawl.of(seed, Trace.kept()));
        SiteCrawl again = SiteCrawl.of(seed, Trace.kept());
        List<String> complaints = SiteVerdict.on(again);
        if (Long.getLong("fanout.seed") != null) {
            System.out.println(once);
        }
        assertThat(complaints).isEmpty();
        assertThat(told(again)).isEqualTo(once);
    }

    private static String told(SiteCrawl run) {
        return run.plan + "\n" + run.trace;
    }
}
