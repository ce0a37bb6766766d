package fanout.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.job.Retries;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {

    private static final Retries HALF_A_SECOND = new Retries(10, Duration.ofMillis(500), Duration.ofSeconds(30));

    /** A generator that always draws the same share of its range. */
    private static RandomGenerator always(double share) {
        return new Random() {
            private static final long serialVersionUID = 1;

            @Override
            public double nextDouble() {
                return share;
            }
        };
    }

    private static Stream<Duration> pauses(Backoff backoff, int attempts) {
        return Stream.generate(() -> backoff.after(attempts)).limit(1000);
    }

    @ParameterizedTest
    @CsvSource({"1, 500", "2, 1000", "3, 2000", "4, 4000", "6, 16000", "7, 30000", "8, 30000", "1000, 30000"})
    void thePauseDoublesUpToTheLongest(int attempts, long millis) {
        assertThat(new Backoff(HALF_A_SECOND, always(0.5)).after(attempts)).hasMillis(millis);
    }

    @Test
    void jitterIsHalfAPauseEitherWay() {
        assertThat(new Backoff(HALF_A_SECOND, always(0)).after(3)).hasMillis(1000);
        assertThat(new Backoff(HALF_A_SECOND, always(0.999_999_9)).after(3))
                .isBetween(Duration.ofMillis(2999), Duration.ofMillis(3000));
        assertThat(pauses(new Backoff(HALF_A_SECOND, new SplittableRandom(1)), 3).distinct()).hasSizeGreaterThan(900)
                .allMatch(pause -> pause.toMillis() >= 1000 && pause.toMillis() <= 3000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6, 7, 8, 64, 1000})
    void noPauseIsLongerThanTheLongest(int attempts) {
        assertThat(pauses(new Backoff(HALF_A_SECOND, new SplittableRandom(attempts)), attempts))
                .allMatch(pause -> pause.compareTo(HALF_A_SECOND.maxBackoff()) <= 0)
                .allMatch(Duration::isPositive);
    }

    @Test
    void theLongestPauseOfAllFits() {
        Duration century = Duration.ofDays(36_500);
        Backoff backoff = new Backoff(new Retries(1000, century, century), always(0.999_999_9));

        assertThat(backoff.after(1)).isEqualTo(century);
        assertThat(backoff.after(1000)).isEqualTo(century);
    }

    @Test
    void aPauseMayBeShorterThanAMillisecond() {
        Retries quick = new Retries(3, Duration.ofNanos(400_000), Duration.ofMillis(1));

        assertThat(new Backoff(quick, always(0.5)).after(1)).hasNanos(400_000);
        assertThat(new Backoff(quick, always(0.001)).after(2)).isPositive();
    }

    @Test
    void theSameSeedGivesTheSamePauses() {
        assertThat(pausesOf(7)).isEqualTo(pausesOf(7)).isNotEqualTo(pausesOf(8));
    }

    private static List<Duration> pausesOf(long seed) {
        Backoff backoff = new Backoff(HALF_A_SECOND, new SplittableRandom(seed));
        return IntStream.range(1, 10).mapToObj(backoff::after).toList();
    }
}
