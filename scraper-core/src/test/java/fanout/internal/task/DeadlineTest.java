package fanout.internal.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Deadlines, signals and the task tree, on a clock that the test moves. */
@Timeout(30)
class DeadlineTest {

    private final ManualTicker ticker = ManualTicker.stopped();

    @Test
    void nearerDeadlineWinsWhicheverIsOutside() {
        Deadline near = Deadline.after(Duration.ofSeconds(1), ticker);
        Deadline far = Deadline.after(Duration.ofHours(1), ticker); // beyond the clock's overflow
        Deadline inside = far.within(() -> near.within(Deadline::current));
        Deadline outside = near.within(() -> far.within(Deadline::current));
        assertThat(inside.atNanos()).isEqualTo(near.atNanos());
        assertThat(inside.enclosing()).contains(far);
        assertThat(outside).isSameAs(near);
    }

    @Test
    void waitThatDoesNotCountExtendsADeadlineUpToTheOneAroundIt() {
        Deadline job = Deadline.interruptingAfter(Duration.ofMinutes(10), ticker);
        Deadline request =
                job.within(() -> Deadline.after(Duration.ofMinutes(1), ticker).within(Deadline::current));
        assertThat(request.ofUncountedWaits()).isSameAs(job);

        Deadline extended = request.extendedBy(Duration.ofMinutes(3).toNanos());
        assertThat(extended.remainingNanos()).isEqualTo(Duration.ofMinutes(4).toNanos());
        assertThat(extended.limit()).isEqualTo(Duration.ofMinutes(1));
        assertThat(extended.extendedBy(Duration.ofMinutes(6).toNanos()).remainingNanos())
                .isEqualTo(Duration.ofMinutes(10).toNanos());
        assertThat(extended.extendedBy(Duration.ofMinutes(6).toNanos() + 1)).isSameAs(job);
    }

    @Test
    void outermostDeadlineIsNotExtended() {
        Deadline job = Deadline.after(Duration.ofMinutes(10), ticker).within(Deadline::current);
        assertThat(job.ofUncountedWaits()).isSameAs(job);
        assertThat(job.extendedBy(Duration.ofMinutes(1).toNanos())).isSameAs(job);
    }

    @Test
    void ofTwoThatPassAtOnceTheInnerOneIsItself() {
        Deadline outer = Deadline.after(Duration.ofSeconds(1), ticker);
        Deadline inner = Deadline.interruptingAfter(Duration.ofSeconds(1), ticker);
        Deadline bound = outer.within(() -> inner.within(Deadline::current));
        assertThat(bound.interrupts()).isTrue();
        assertThat(bound.enclosing()).contains(outer);
    }

    @Test
    void bindingEndsWithTheCall() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(1), ticker);
        deadline.within(() -> true);
        assertThatThrownBy(Deadline::current).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void deadlinePassesAtItsMomentEvenIfTheClockOverflowsBefore() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(10), ticker);
        ticker.advance(Duration.ofSeconds(10).minusNanos(1));
        assertThat(deadline.hasPassed()).isFalse();
        assertThat(deadline.remainingNanos()).isEqualTo(1);
        ticker.advance(Duration.ofNanos(1));
        assertThat(deadline.hasPassed()).isTrue();
    }

    @Test
    void signalKeepsItsFirstReason() {
        Signal<String> signal = new Signal<>(ticker);
        assertThat(signal.reason()).isEmpty();
        assertThat(signal.set("first")).isTrue();
        assertThat(signal.set("second")).isFalse();
        assertThat(signal.reason()).contains("first");
    }

    @Test
    void signalThatWasSetBeforeAnybodyWaitsIsNotLost() throws InterruptedException {
        Signal<String> signal = new Signal<>(ticker);
        signal.set("early");
        assertThat(signal.await(0)).contains("early");
    }

    @Test
    void whoHasWaitedForASignalKeepsNobodyFromSettingIt() throws InterruptedException {
        Signal<String> signal = new Signal<>(ManualTicker.jumping());
        assertThat(signal.await(1)).isEmpty();

        assertThat(Thread.ofVirtual().start(() -> signal.set("late")).join(Duration.ofSeconds(20))).isTrue();
        assertThat(signal.reason()).contains("late");
    }

    /** Or a wait that is woken for nothing would end before its time. */
    @Test
    void theMachinesClockSaysHowMuchOfAWaitIsLeft() throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        long hour = Duration.ofHours(1).toNanos();
        lock.lock();
        try {
            Thread.ofVirtual().start(() -> {
                lock.lock(); // which is free when the other waits
                try {
                    condition.signalAll();
                } finally {
                    lock.unlock();
                }
            });
            assertThat(Ticker.system().await(condition, hour)).isBetween(hour / 2, hour);
        } finally {
            lock.unlock();
        }
    }

    @Test
    void waitForASignalEndsWithItOrWithItsTime() throws InterruptedException {
        Signal<String> jumping = new Signal<>(ManualTicker.jumping());
        assertThat(jumping.await(Duration.ofDays(1).toNanos())).isEmpty();

        Signal<String> signal = new Signal<>(ticker);
        AtomicReference<String> seen = new AtomicReference<>();
        CountDownLatch waiting = new CountDownLatch(1);
        Thread waiter = Thread.ofVirtual().start(() -> {
            waiting.countDown();
            try {
                seen.set(signal.await(Long.MAX_VALUE).orElse("nothing"));
            } catch (InterruptedException e) {
                seen.set("interrupted");
            }
        });
        waiting.await();
        signal.set("why");
        waiter.join();
        assertThat(seen).hasValue("why");
    }

}
