package fanout.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import fanout.host.RobotsRules;
import fanout.outcome.Failure;
import fanout.queue.RobotsState.Awaited;
import fanout.queue.RobotsState.Known;
import fanout.queue.RobotsState.Unknown;
import fanout.queue.RobotsState.Unreachable;
import fanout.queue.RobotsState.Withheld;
import java.util.List;
import org.junit.jupiter.api.Test;

class RobotsStateTest {

    private static final Failure FAILURE = new Failure.HttpStatus(503);

    @Test
    void rulesAreThoseThatWereRead() {
        assertThat(new Known(RobotsRules.ALLOW_ALL).rules()).isSameAs(RobotsRules.ALLOW_ALL);
        assertThat(List.<RobotsState>of(new Unknown(), new Awaited(), new Withheld(FAILURE), new Unreachable(FAILURE)))
                .allSatisfy(state -> assertThatIllegalStateException().isThrownBy(state::rules)
                        .withMessageContaining(state.toString()));
    }

    @Test
    void aHostThatCannotSayForbidsAll() {
        assertThat(List.<RobotsState>of(new Withheld(FAILURE), new Unreachable(FAILURE)))
                .allMatch(RobotsState::forbidsAll);
        assertThat(List.<RobotsState>of(new Unknown(), new Awaited(), new Known(RobotsRules.ALLOW_ALL)))
                .noneMatch(RobotsState::forbidsAll);
    }
}
