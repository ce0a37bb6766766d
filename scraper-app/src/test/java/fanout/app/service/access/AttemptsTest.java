package fanout.app.service.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class AttemptsTest {

    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L); // it runs over meanwhile
    private final Attempts attempts = new Attempts(3, PERIOD, now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private void wrong(String network, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(attempts.begin(network)).as("attempt %d of %s", i, network).isEmpty();
        }
    }

    @Test
    void soManyInARowAreAnsweredAndThenOneForEachPeriod() {
        wrong("a", 3);
        assertThat(attempts.begin("a")).contains(PERIOD);
        pass(Duration.ofSeconds(4));
        assertThat(attempts.begin("a")).contains(Duration.ofSeconds(6));
        pass(Duration.ofSeconds(6).minusNanos(1));
        assertThat(attempts.begin("a")).contains(Duration.ofNanos(1));
        pass(Duration.ofNanos(1));
        wrong("a", 1);
        assertThat(attempts.begin("a")).contains(PERIOD);
        pass(PERIOD.multipliedBy(2).plusSeconds(3));
        wrong("a", 2);
        assertThat(attempts.begin("a")).contains(Duration.ofSeconds(7));
        pass(PERIOD.multipliedBy(100));
        wrong("a", 3);
        assertThat(attempts.begin("a")).as("time does not add up to more").contains(PERIOD);
    }

    @Test
    void networksDoNotCountForEachOther() {
        wrong("a", 3);
        wrong("b", 3);
        assertThat(attempts.begin("a")).isPresent();
        assertThat(attempts.begin("b")).isPresent();
        wrong("c", 1);
    }

    @Test
    void theRightTokenIsNoAttempt() {
        for (int i = 0; i < 10; i++) {
            wrong("a", 1);
            attempts.succeeded("a");
        }
        wrong("a", 2);
        for (int i = 0; i < 10; i++) {
            wrong("a", 1);
            attempts.succeeded("a");
        }
        wrong("a", 1);
        assertThat(attempts.begin("a")).as("the wrong ones still count").isPresent();
    }

    @Test
    void eachIsAnsweredLaterThanTheOneBefore() {
        Attempts many = new Attempts(9, PERIOD, now::get);
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            assertThat(many.begin("a")).isEmpty();
            delays.add(many.delay("a").toMillis());
        }
        assertThat(delays).containsExactly(100L, 200L, 400L, 800L, 1_600L, 2_000L, 2_000L, 2_000L, 2_000L);
        pass(PERIOD.multipliedBy(7));
        assertThat(many.delay("a")).isEqualTo(Duration.ofMillis(200));
        assertThat(many.delay("b")).as("of one that is not known").isEqualTo(Duration.ofMillis(100));
    }

    private static <T> T elsewhere(Supplier<T> call) throws Exception {
        return CompletableFuture.supplyAsync(call, Thread.ofPlatform().daemon()::start).get(20, TimeUnit.SECONDS);
    }

    @Test
    void noCallKeepsOtherThreadsOut() throws Exception {
        assertThat(elsewhere(() -> attempts.begin("a"))).isEmpty();
        assertThat(elsewhere(() -> attempts.delay("a"))).isEqualTo(Duration.ofMillis(100));
        assertThat(elsewhere(() -> {
            attempts.succeeded("a");
            return "a";
        })).isEqualTo("a");
        assertThat(elsewhere(() -> attempts.delay("a"))).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void theOneThatWasSilentLongestIsForgottenFirst() {
        wrong("old", 3);
        wrong("new", 3);
        for (int i = 0; i < 9_998; i++) {
            wrong("n" + i, 1);
        }
        assertThat(attempts.begin("old")).as("of ten thousand, and heard of again").isPresent();
        wrong("one more", 1);
        assertThat(attempts.begin("old")).isPresent();
        assertThat(attempts.begin("new")).isEqualTo(Optional.empty());
    }
}
