package fanout.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.report.FinishReason;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Whole crawls, simulated: one seed is one schedule and one set of faults. See {@code docs/simulation.md}. */
class SimulationTest {

    private static final long ENOUGH = 1_000;
    private static final long SEEDS = Long.getLong("fanout.seeds", seeds(200, ENOUGH));
    private static final long TWICE = Boolean.getBoolean("fanout.ci") ? 500 : 50;
    private static final long FIRST = Long.getLong("fanout.firstSeed", 0);

    /**
     * How many seeds are run unless a property says so.
     *
     * @param forEachMutant where there are some hundred programs to judge
     */
    static long seeds(long forEachMutant, long usually) {
        if (Boolean.getBoolean("fanout.mutants")) {
            return forEachMutant;
        }
        return Boolean.getBoolean("fanout.ci") ? 20_000 : usually;
    }

    @Test
    @DisabledIfSystemProperty(named = "fanout.seed", matches = ".*", disabledReason = "one seed is looked at")
    void everySeedKeepsEveryPromise() {
        SeedRun.Found found = new SeedRun(FIRST, SEEDS).run();
        if (!found.complaints().isEmpty()) {
            failWith(FIRST + found.seeds() - 1, found.complaints());
        }
        assertThat(found.seeds()).isEqualTo(SEEDS);
        if (SEEDS >= ENOUGH) {
            // silence about something that no seed reaches would prove nothing
            assertThat(found.reached()).contains("ok", "redirected", "failed", "skipped", "cancelled", "http_status",
                    "timeout", "dns", "connection", "tls", "protocol", "body_too_large", "too_many_redirects",
                    "bad_redirect", "robots", "circuit_open", "budget", "deadline", "interrupted", "aborted",
                    "crawls met at a host", "robots.txt was read again", "a host was cut off", "a label was cut off",
                    "a copy was followed", "a copy was not followed",
                    "a redirect kept a body", "out of scope: ok by HEAD", "out of scope: ok by GET",
                    "out of scope: failed by HEAD", "out of scope: failed by GET", "out of scope: redirected by HEAD",
                    "out of scope: redirected by GET", "out of scope: skipped by HEAD",
                    "out of scope: cancelled by HEAD", "GET", "HEAD",
                    "POST", "PUT", "PATCH", "DELETE");
            assertThat(FinishReason.values()).allSatisfy(end -> assertThat(found.reached()).contains(end.name()));
        }
    }

    /** {@code -Dfanout.seed=N} prints what happens under a seed. */
    @Test
    void traceTellsWhoDidWhat() {
        Simulation run = Simulation.of(Long.getLong("fanout.seed", FIRST), Trace.kept());
        Judgement judgement = Judgement.on(run);
        String told = run.plan + "\n" + run.trace;
        if (Long.getLong("fanout.seed") != null) {
            System.out.println(told);
        }
        assertThat(judgement.complaints()).isEmpty();
        assertThat(told).contains("workers/guard").contains("waits in ").contains("the crawl is over: ");
    }

    private static void failWith(long seed, List<String> complaints) {
        Simulation again = Simulation.of(seed, Trace.kept());
        throw new AssertionError(
                ("seed %d: %s%n%s%n%s%nAgain: mvn -pl scraper-core -am test -Dtest=SimulationTest -Dfanout.seed=%d "
                        + "-Dsurefire.failIfNoSpecifiedTests=false")
                        .formatted(seed, String.join("\n", complaints), again.plan,
                                again.trace, seed));
    }

    @Test
    void seedRunsTheSameWayAgainAndLikeNoOther() {
        Set<Long> prints = new HashSet<>();
        for (long seed = 0; seed < TWICE; seed++) {
            Trace once = Simulation.of(seed, Trace.kept()).trace;
            Trace again = Simulation.of(seed, Trace.kept()).trace;
            assertThat(again.toString()).as("seed %d", seed).isEqualTo(once.toString());
            assertThat(again.print()).isEqualTo(once.print());
            assertThat(Simulation.of(seed, Trace.fingerprint()).trace.print()).isEqualTo(once.print());
            assertThat(prints.add(once.print())).as("seed %d is new", seed).isTrue();
        }
    }
}
