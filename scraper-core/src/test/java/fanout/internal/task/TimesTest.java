package fanout.internal.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Moments before and after the one in which their number overflows. */
class TimesTest {

    private static final long BEFORE = Long.MAX_VALUE;
    private static final long AFTER = Long.MIN_VALUE;

    @Test
    void whatComesAfterTheOverflowIsLater() {
        assertThat(Times.compare(BEFORE, AFTER)).isNegative();
        assertThat(Times.compare(AFTER, BEFORE)).isPositive();
        assertThat(Times.compare(BEFORE, BEFORE)).isZero();
        assertThat(Times.later(BEFORE, AFTER)).isEqualTo(AFTER);
        assertThat(Times.later(AFTER, BEFORE)).isEqualTo(AFTER);
        assertThat(Times.later(7, 7)).isEqualTo(7);
    }

    @Test
    void aMomentIsDueFromItselfOn() {
        assertThat(Times.isDue(OptionalLong.of(AFTER), BEFORE)).isFalse();
        assertThat(Times.isDue(OptionalLong.of(AFTER), AFTER)).isTrue();
        assertThat(Times.isDue(OptionalLong.of(BEFORE), AFTER)).isTrue();
        assertThat(Times.isDue(OptionalLong.empty(), AFTER)).isFalse();
    }

    @Test
    void theSoonerOfTwoIsTheOneThatThereIs() {
        assertThat(Times.sooner(OptionalLong.of(BEFORE), AFTER)).hasValue(BEFORE);
        assertThat(Times.sooner(OptionalLong.of(AFTER), BEFORE)).hasValue(BEFORE);
        assertThat(Times.sooner(OptionalLong.empty(), 7)).hasValue(7);
        assertThat(Times.sooner(OptionalLong.of(7), OptionalLong.empty())).hasValue(7);
        assertThat(Times.sooner(OptionalLong.empty(), OptionalLong.of(7))).hasValue(7);
        assertThat(Times.sooner(OptionalLong.of(AFTER), OptionalLong.of(BEFORE))).hasValue(BEFORE);
        assertThat(Times.sooner(OptionalLong.empty(), OptionalLong.empty())).isEmpty();
    }
}
