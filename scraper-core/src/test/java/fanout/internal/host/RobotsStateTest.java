package fanout.internal.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import fanout.internal.host.RobotsState.Awaited;
import fanout.internal.host.RobotsState.Known;
import fanout.internal.host.RobotsState.Unknown;
import fanout.internal.host.RobotsState.Unreachable;
import fanout.internal.host.RobotsState.Withheld;
import fanout.outcome.Failure;
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
