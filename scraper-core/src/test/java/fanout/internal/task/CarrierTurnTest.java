package fanout.internal.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a clock that each wait moves on by its length. */
@Timeout(30)
class CarrierTurnTest {

    private static final Duration TURN = Duration.ofMillis(5);
    private static final Duration PAUSE = Duration.ofNanos(50_000);

    private final ManualTicker ticker = ManualTicker.jumping();

    private static void inAVirtualThread(TaskScope.Body body) throws InterruptedException {
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        Thread.ofVirtual().start(() -> {
            try {
                body.run();
            } catch (Throwable e) {
                thrown.set(e);
            }
        }).join();
        assertThat(thrown.get()).isNull();
    }

    @Test
    void aVirtualThreadWaitsAMomentAfterEachTurn() throws InterruptedException {
        inAVirtualThread(() -> {
            CarrierTurn turn = new CarrierTurn(ticker);
            ticker.advance(TURN.minusNanos(1));
            turn.share();
            assertThat(ticker.passed()).as("not before its end").isEqualTo(TURN.minusNanos(1));

            ticker.advance(Duration.ofNanos(1));
            turn.share();
            assertThat(ticker.passed()).isEqualTo(TURN.plus(PAUSE));

            ticker.advance(TURN.minusNanos(1));
            turn.share();
            assertThat(ticker.passed()).as("the next turn begins after the pause")
                    .isEqualTo(TURN.multipliedBy(2).plus(PAUSE).minusNanos(1));
            ticker.advance(Duration.ofNanos(1));
            turn.share(ticker.nanos());
            assertThat(ticker.passed()).isEqualTo(TURN.multipliedBy(2).plus(PAUSE.multipliedBy(2)));
        });
    }

    @Test
    void aPlatformThreadNeverWaits() throws InterruptedException {
        CarrierTurn turn = new CarrierTurn(ticker);
        ticker.advance(TURN.multipliedBy(2));
        turn.share();
        turn.shareUnlessInterrupted();

        assertThat(ticker.passed()).isEqualTo(TURN.multipliedBy(2));
    }

    @Test
    void workThatMustBeDoneSharesUnlessItIsInterrupted() throws InterruptedException {
        inAVirtualThread(() -> {
            CarrierTurn turn = new CarrierTurn(ticker);
            ticker.advance(TURN);
            turn.shareUnlessInterrupted();
            assertThat(ticker.passed()).isEqualTo(TURN.plus(PAUSE));

            ticker.advance(TURN);
            Thread.currentThread().interrupt();
            turn.shareUnlessInterrupted();
            assertThat(ticker.passed()).isEqualTo(TURN.multipliedBy(2).plus(PAUSE));
            assertThat(Thread.interrupted()).isTrue();
        });
    }

    /** An interrupt that comes while it waits. */
    @Test
    void anInterruptedPauseEndsAndTheThreadStaysInterrupted() throws InterruptedException {
        ManualTicker stopped = ManualTicker.stopped();
        AtomicReference<@Nullable Boolean> interrupted = new AtomicReference<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            CarrierTurn turn = new CarrierTurn(stopped);
            stopped.advance(TURN);
            turn.shareUnlessInterrupted();
            interrupted.set(Thread.interrupted());
        });
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.sleep(1);
        }
        thread.interrupt();
        thread.join();

        assertThat(interrupted.get()).isTrue();
    }

    @Test
    void interruptedWorkMayTakeATenthOfASecond() {
        ManualTicker stopped = ManualTicker.stopped();
        CarrierTurn turn = new CarrierTurn(stopped);
        Thread.currentThread().interrupt();
        try {
            turn.spend(256);
            stopped.advance(Duration.ofMillis(100));
            turn.spend(256);
            stopped.advance(Duration.ofNanos(1));
            turn.spend(255); // too little to look at the clock

            assertThatExceptionOfType(CarrierTurn.OverException.class).isThrownBy(() -> turn.spend(1));
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void countedWorkEndsWhenItsTimeIsUp() {
        ManualTicker stopped = ManualTicker.stopped();
        CarrierTurn turn = new CarrierTurn(stopped, Duration.ofSeconds(1));
        stopped.advance(Duration.ofSeconds(1));
        turn.spend(256);
        stopped.advance(Duration.ofNanos(1));
        turn.spend(255); // too little to look at the clock

        assertThatExceptionOfType(CarrierTurn.LateException.class).isThrownBy(() -> turn.spend(1));
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void countedWorkSharesAfterSomeSteps() throws InterruptedException {
        inAVirtualThread(() -> {
            CarrierTurn turn = new CarrierTurn(ticker);
            ticker.advance(TURN);
            turn.spend(255);
            assertThat(ticker.passed()).isEqualTo(TURN);

            turn.spend(1);
            assertThat(ticker.passed()).isEqualTo(TURN.plus(PAUSE));
        });
    }
}
