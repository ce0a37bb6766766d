package fanout.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.internal.limit.BodyRoom.Allocation;
import fanout.internal.task.Deadline;
import fanout.internal.task.ManualTicker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A room of 1,000 bytes, of which 500 are the reserve. */
@Timeout(60)
class BodyRoomTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final ManualTicker ticker = ManualTicker.stopped();
    private final BodyRoom room = new BodyRoom(1_000, ticker);

    private static Allocation of(BodyRoom room, long bytes) {
        Allocation allocation = room.open();
        assertThat(allocation.tryGrow(bytes)).isTrue();
        return allocation;
    }

    private Waiter growing(Allocation allocation, long more) {
        Deadline deadline = Deadline.after(HOUR, ticker);
        return Waiter.waiting(() -> allocation.grow(more, deadline));
    }

    /** One body without the reserve, and one with it, fill a room that is empty, and no other. */
    private static void assertAllIsFree(BodyRoom room) {
        try (Allocation outside = room.open(); Allocation reserve = room.open(); Allocation nothing = room.open()) {
            assertThat(outside.tryGrow(500)).isTrue();
            assertThat(reserve.tryGrow(500)).isTrue();
            assertThat(nothing.tryGrow(1)).isFalse();
        }
    }

    @Test
    void bodiesGrowAtOnceUntilOnlyTheReserveIsLeftAndThenOneDoes() {
        try (Allocation first = of(room, 300);
                Allocation second = of(room, 200);
                Allocation third = room.open();
                Allocation fourth = room.open()) {
            assertThat(third.tryGrow(1)).as("the first to need the reserve").isTrue();
            assertThat(fourth.tryGrow(1)).isFalse();
            assertThat(first.tryGrow(1)).isFalse();
            assertThat(third.tryGrow(499)).isTrue();
            second.completeWith(0);
            assertThat(fourth.tryGrow(201)).as("the reserve is in use still").isFalse();
            assertThat(fourth.tryGrow(200)).isTrue();
        }
        assertAllIsFree(room);
    }

    @Test
    void noBodyTakesMoreThanTheReserve() {
        assertThat(room.largestAllocation()).isEqualTo(500);
        try (Allocation body = of(room, 500)) {
            assertThatThrownBy(() -> body.tryGrow(1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> body.grow(1, Deadline.after(HOUR, ticker)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertAllIsFree(room);
    }

    @Test
    void bodiesThatWaitGrowInTheOrderOfTheirArrival() throws InterruptedException {
        Allocation usesReserve = room.open();
        List<Allocation> holders = IntStream.range(0, 5).mapToObj(_ -> of(room, 100)).toList();
        assertThat(usesReserve.tryGrow(500)).isTrue();
        Allocation first = room.open();
        Allocation second = room.open();
        Waiter large = growing(first, 200);
        Waiter small = growing(second, 10);

        holders.get(0).close();
        assertThat(small.isWaiting()).as("there are 100, and 200 are needed before").isTrue();
        assertThat(second.tryGrow(1)).as("others stand in the line").isFalse();
        holders.get(1).close();
        assertThat(large.end()).isEqualTo(true);
        assertThat(small.isWaiting()).isTrue();
        holders.get(2).close();
        assertThat(small.end()).isEqualTo(true);

        first.close();
        second.close();
        usesReserve.close();
        holders.forEach(Allocation::close);
        assertAllIsFree(room);
    }

    @Test
    void reserveIsPassedOnWhenItsBodyIsCompleteAndEnoughIsFree() throws InterruptedException {
        Allocation holder = of(room, 500);
        Allocation usesReserve = of(room, 400);
        Allocation next = room.open();
        Waiter waits = growing(next, 100);

        usesReserve.completeWith(200);
        assertThat(waits.isWaiting()).as("the reserve has 200 of it").isTrue();
        holder.completeWith(300);
        assertThat(waits.end()).as("there is room for them outside").isEqualTo(true);
        assertThat(next.tryGrow(400)).as("the reserve is its own").isTrue();

        usesReserve.close();
        holder.close();
        next.close();
        assertAllIsFree(room);
    }

    @Test
    void deadlineAndInterruptEndAWaitAndTheNextBodyGoesOn() throws InterruptedException {
        Allocation holder = of(room, 500);
        Allocation usesReserve = of(room, 500);
        Allocation first = room.open();
        Allocation second = room.open();
        Allocation third = room.open();
        Waiter late = growing(first, 400);
        ticker.advance(HOUR.minusMinutes(1));
        Waiter interrupted = growing(second, 400);
        Waiter patient = growing(third, 100);

        ticker.advance(Duration.ofMinutes(1));
        assertThat(late.end()).isEqualTo(false);
        interrupted.interrupt();
        assertThat(interrupted.end()).isEqualTo("InterruptedException");
        holder.completeWith(400);
        assertThat(patient.end()).isEqualTo(true);

        List.of(holder, usesReserve, first, second, third).forEach(Allocation::close);
        assertAllIsFree(room);
    }

    @Test
    void bodiesThatTogetherExceedTheRoomAllEnd() throws Exception {
        Deadline deadline = Deadline.after(HOUR, ticker);
        AtomicLong held = new AtomicLong();
        AtomicLong most = new AtomicLong();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> all = IntStream.range(0, 200).mapToObj(number -> threads.submit(() -> {
                try (Allocation body = room.open()) {
                    long bytes = 0;
                    while (bytes < 500 - 100 * (number % 3)) {
                        assertThat(body.grow(10, deadline)).isTrue();
                        bytes += 10;
                        most.accumulateAndGet(held.addAndGet(10), Math::max);
                        LockSupport.parkNanos(1_000); // so that the bodies grow side by side
                    }
                    held.addAndGet(-bytes);
                    return true;
                }
            })).toList();
            for (Future<Boolean> each : all) {
                assertThat(each.get(30, TimeUnit.SECONDS)).isTrue();
            }
        }
        assertThat(most.get()).isBetween(500L, 1_000L);
        assertAllIsFree(room);
    }

    @Test
    void closingTwiceGivesBackOnce() {
        Allocation body = of(room, 400);
        assertThatThrownBy(() -> body.completeWith(401)).isInstanceOf(IllegalArgumentException.class);
        body.completeWith(150);
        body.close();
        body.close();
        assertAllIsFree(room);
    }
}
