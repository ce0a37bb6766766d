package fanout.races;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.channel.ChannelHunt;
import fanout.channel.ChannelWakeUpHunt;
import fanout.frontier.FrontierHunt;
import fanout.frontier.FrontierProgramsHunt;
import fanout.mutation.Mutant;
import fanout.races.Hunt.Effort;
import fanout.task.SignalHunt;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The hunts find nothing in the program, and every bug that is seeded into it. A hunt that misses its bug fails here: its
 * silence about the program would prove nothing.
 *
 * <p>A build that people wait for runs the cheapest of both; {@code -Dfanout.ci=true} runs all of them, and
 * {@code -Dfanout.soak=true} runs them long.
 */
class RaceHuntTest {

    private static final boolean SOAK = Boolean.getBoolean("fanout.soak");
    private static final boolean CI = SOAK || Boolean.getBoolean("fanout.ci");

    /** A hunt, and how long it searches the program in CI. */
    private static final Map<Class<? extends Hunt>, Effort> HUNTS = CI ? Map.of(
            ChannelHunt.class, effort(60, 200),
            ChannelHunt.Stress.class, effort(10, 300),
            ChannelWakeUpHunt.class, effort(1, 200),
            SignalHunt.class, effort(1, 200),
            FrontierHunt.class, effort(30, 50),
            FrontierHunt.Stress.class, effort(10, 200),
            FrontierProgramsHunt.class, effort(1, 200)) : Map.of(ChannelHunt.class, effort(5, 50));

    /** Which hunt finds which bug, with no more effort than it takes. */
    private static final Map<String, Class<? extends Hunt>> BUGS = CI ? Map.of(
            "lost-close", ChannelHunt.class,
            "missed-wake-up", ChannelWakeUpHunt.class,
            "missed-signal", SignalHunt.class,
            "page-budget", FrontierProgramsHunt.class,
            "early-completion", FrontierProgramsHunt.class,
            "double-close", FrontierProgramsHunt.class) : Map.of("lost-close", ChannelHunt.class);

    private static Effort effort(int scenarios, int schedules) {
        return new Effort(scenarios, SOAK ? 50 * schedules : schedules);
    }

    static Stream<Class<? extends Hunt>> hunts() {
        return HUNTS.keySet().stream();
    }

    static Stream<String> bugs() {
        return BUGS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("hunts")
    void nothingIsFoundInTheProgram(Class<? extends Hunt> hunt) throws InterruptedException {
        try (Mutant program = Mutant.unchanged()) {
            assertThat(HuntingJvm.hunt(program, hunt, HUNTS.get(hunt))).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void seededBugIsFound(String bug) throws InterruptedException {
        try (Mutant mutant = Mutant.of(bug)) {
            assertThat(HuntingJvm.hunt(mutant, BUGS.get(bug), new Effort(60, 100)))
                    .as("the schedule that shows %s", bug)
                    .hasValueSatisfying(schedule -> assertThat(schedule).contains("interleaving"));
        }
    }
}
