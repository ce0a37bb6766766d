package fanout.races;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.frontier.FrontierHunt;
import fanout.internal.frontier.FrontierProgramsHunt;
import fanout.internal.task.ChannelHunt;
import fanout.internal.task.ChannelWakeUpHunt;
import fanout.internal.task.SignalHunt;
import fanout.mutation.Mutant;
import fanout.races.Hunt.Effort;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The hunts find nothing in the program, and every bug that is seeded into it. A hunt that misses its bug fails here:
 * its silence about the program would prove nothing.
 *
 * <p>A build that people wait for seeds the bug that is found soonest; {@code -Dfanout.ci=true} runs all hunts but the
 * slowest, and {@code -Dfanout.soak=true} runs everything, and long.
 */
class RaceHuntTest {

    private static final boolean SOAK = Boolean.getBoolean("fanout.soak");
    private static final boolean CI = SOAK || Boolean.getBoolean("fanout.ci");

    private static final String FIND = "= (Invalid execution results|The execution has hung"
            + "|Concurrent test (has hung|failed)|Validation function \\w+ has failed) =";

    /** A hunt, and how long it searches the program. */
    private static final List<Search> SEARCHES = List.of(
            new Search(ChannelHunt.class, 30, 200),
            new Search(ChannelHunt.Stress.class, 10, 300),
            new Search(ChannelWakeUpHunt.class, 1, 200),
            new Search(SignalHunt.class, 1, 200),
            new Search(FrontierHunt.class, 20, 80),
            new Search(FrontierProgramsHunt.class, 1, 120));

    /**
     * A bug, and the hunt that must find it; each hunt has one. It ends with the find, and may take its time until
     * then.
     */
    private static final List<Bug> BUGS = List.of(
            new Bug("lost-close", new Search(ChannelHunt.class, 100, 200)),
            new Bug("lost-close", new Search(ChannelHunt.Stress.class, 500, 1000)),
            new Bug("missed-wake-up", new Search(ChannelWakeUpHunt.class, 1, 500)),
            new Bug("missed-signal", new Search(SignalHunt.class, 1, 500)),
            new Bug("page-budget", new Search(FrontierHunt.class, 150, 150)),
            new Bug("page-budget", new Search(FrontierProgramsHunt.class, 1, 200)),
            new Bug("early-completion", new Search(FrontierProgramsHunt.class, 1, 200)),
            new Bug("double-close", new Search(FrontierProgramsHunt.class, 1, 200)));

    record Search(Class<? extends Hunt> hunt, int scenarios, int schedules) {

        Optional<String> in(Mutant program) throws InterruptedException {
            return HuntingJvm.hunt(program, hunt, new Effort(scenarios, schedules));
        }

        Search forANight() {
            return new Search(hunt, scenarios, 50 * schedules);
        }
    }

    record Bug(String name, Search search) {}

    static Stream<Search> searches() {
        return SEARCHES.stream().filter(RaceHuntTest::isInTime).map(search -> SOAK ? search.forANight() : search);
    }

    static Stream<Bug> bugs() {
        return BUGS.stream().filter(bug -> isInTime(bug.search())).limit(CI ? BUGS.size() : 1);
    }

    /** Random operations on the frontier take the longest; {@link FrontierProgramsHunt} finds the same bug in CI. */
    private static boolean isInTime(Search search) {
        return SOAK || search.hunt() != FrontierHunt.class;
    }

    static boolean isThorough() {
        return CI;
    }

    @ParameterizedTest
    @MethodSource("searches")
    @EnabledIf(value = "isThorough", disabledReason = "takes its time: -Dfanout.ci=true")
    void nothingIsFoundInTheProgram(Search search) throws InterruptedException {
        try (Mutant program = Mutant.unchanged()) {
            assertThat(search.in(program)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void seededBugIsFound(Bug bug) throws InterruptedException {
        try (Mutant mutant = Mutant.of(bug.name())) {
            assertThat(bug.search().in(mutant)).as("the schedule that shows %s", bug.name())
                    .hasValueSatisfying(schedule -> assertThat(schedule).containsPattern(FIND));
        }
    }
}
