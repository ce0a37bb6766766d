package fanout.internal.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every state of a channel, every way from one to the next, and races between them. */
@Timeout(60)
class ChannelTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Received<Integer> CLOSED = new Received.Closed<>();

    private final Channel<Integer> channel = Channel.bounded(2, Ticker.system());

    @Test
    void elementsComeInTheOrderInWhichTheyWereSent() throws InterruptedException {
        for (int round = 0; round < 5; round++) { // around the ring
            assertThat(channel.sender().send(round)).isTrue();
            assertThat(channel.sender().send(-round)).isTrue();
            assertThat(channel.size()).isEqualTo(2);
            assertThat(receive()).isEqualTo(new Received.Value<>(round));
            assertThat(receive()).isEqualTo(new Received.Value<>(-round));
        }
        assertThat(channel.size()).isZero();
        assertThat(channel.capacity()).isEqualTo(2);
    }

    @Test
    void capacityIsPositive() {
        assertThatThrownBy(() -> Channel.bounded(0, Ticker.system())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void emptyChannelTimesOut() throws InterruptedException {
        Channel<Integer> jumping = Channel.bounded(1, ManualTicker.jumping());
        assertThat(jumping.receiver().receive(LONG)).isEqualTo(new Received.TimedOut<>(LONG));
        assertThat(jumping.receiver().receive(Duration.ZERO)).isEqualTo(new Received.TimedOut<>(Duration.ZERO));
    }

    @Test
    void closedChannelGivesWhatWasSentAndThenSaysSo() throws InterruptedException {
        channel.sender().send(1);
        channel.close();
        channel.close();
        assertThat(receive()).isEqualTo(new Received.Value<>(1));
        assertThat(receive()).isEqualTo(CLOSED);
        assertThat(receive()).isEqualTo(CLOSED);
        assertThatThrownBy(() -> channel.sender().send(2)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void cancelledChannelKeepsNothingAndTakesNothing() throws InterruptedException {
        channel.sender().send(1);
        channel.sender().send(2);
        assertThat(channel.receiver().cancel()).containsExactly(1, 2);
        assertThat(channel.receiver().cancel()).isEmpty();
        assertThat(channel.sender().send(3)).isFalse();
        assertThat(receive()).isEqualTo(CLOSED);
        assertThat(channel.size()).isZero();
    }

    @Test
    void cancellingWinsOverClosingInEitherOrder() throws InterruptedException {
        channel.sender().send(1);
        channel.close();
        assertThat(channel.receiver().cancel()).containsExactly(1);
        assertThat(channel.sender().send(2)).isFalse();

        Channel<Integer> other = Channel.bounded(1, Ticker.system());
        other.receiver().cancel();
        other.close();
        assertThat(other.sender().send(2)).isFalse();
    }

    @Test
    void senderWaitsWhileTheChannelIsFull() throws Exception {
        fill();
        FutureTask<Boolean> sending = inThread(() -> channel.sender().send(3));
        assertThat(receive()).isEqualTo(new Received.Value<>(1));
        assertThat(sending.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(channel.size()).isEqualTo(2);
    }

    @Test
    void cancellingFreesEverySenderThatWaits() throws Exception {
        fill();
        List<FutureTask<Boolean>> sending = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sending.add(inThread(() -> channel.sender().send(3)));
        }
        assertThat(channel.receiver().cancel()).containsExactly(1, 2);
        for (FutureTask<Boolean> one : sending) {
            assertThat(one.get(20, TimeUnit.SECONDS)).isFalse();
        }
    }

    @Test
    void closingFreesASenderThatWaitsAndTellsItOfTheMistake() throws Exception {
        fill();
        FutureTask<Boolean> sending = inThread(() -> channel.sender().send(3));
        channel.close();
        assertThatThrownBy(() -> sending.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(IllegalStateException.class);
        assertThat(receive()).isEqualTo(new Received.Value<>(1));
        assertThat(receive()).isEqualTo(new Received.Value<>(2));
        assertThat(receive()).isEqualTo(CLOSED);
    }

    @Test
    void closingAndCancellingFreeAReceiverThatWaits() throws Exception {
        FutureTask<Received<Integer>> receiving = inThread(this::receive);
        channel.close();
        assertThat(receiving.get(20, TimeUnit.SECONDS)).isEqualTo(CLOSED);

        Channel<Integer> other = Channel.bounded(1, Ticker.system());
        FutureTask<Received<Integer>> second = inThread(() -> other.receiver().receive(LONG));
        other.receiver().cancel();
        assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo(CLOSED);
    }

    @Test
    void interruptedCallHasNoEffect() throws InterruptedException {
        fill();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> channel.sender().send(3)).isInstanceOf(InterruptedException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(this::receive).isInstanceOf(InterruptedException.class);
        assertThat(receive()).isEqualTo(new Received.Value<>(1));
        assertThat(receive()).isEqualTo(new Received.Value<>(2));
        channel.close();
        assertThat(receive()).isEqualTo(CLOSED);
    }

    @Test
    void eachElementIsReceivedRefusedOrGivenBackOnce() throws Exception {
        for (int seed = 0; seed < 300; seed++) {
            race(new SplittableRandom(seed));
        }
    }

    /** Some senders, of which some are interrupted, and a receiver that leaves at some moment or stays to the end. */
    private static void race(SplittableRandom random) throws Exception {
        Channel<Integer> channel = Channel.bounded(1 + random.nextInt(4), Ticker.system());
        int senders = 1 + random.nextInt(4);
        int each = 1 + random.nextInt(30);
        int leaveAfter = random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(senders * each + 1);
        Queue<Integer> refused = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int s = 0; s < senders; s++) {
            int first = s * each;
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = first; i < first + each; i++) {
                    try {
                        if (!channel.sender().send(i)) {
                            refused.add(i);
                        }
                    } catch (InterruptedException e) {
                        refused.add(i); // the flag is clear again: the next element is sent
                    }
                }
            }));
        }
        List<Integer> received = new ArrayList<>();
        FutureTask<List<Integer>> receiving = new FutureTask<>(() -> {
            while (received.size() < leaveAfter) {
                switch (channel.receiver().receive(LONG)) {
                    case Received.Value<Integer>(Integer value) -> received.add(value);
                    case Received.Closed<Integer> _ -> {
                        return channel.receiver().cancel();
                    }
                    case Received.TimedOut<Integer> _ -> throw new AssertionError("a lost wake-up");
                }
            }
            return channel.receiver().cancel();
        });
        Thread receiver = Thread.ofVirtual().start(receiving);
        for (int i = random.nextInt(3); i > 0; i--) {
            threads.get(random.nextInt(senders)).interrupt();
        }
        for (Thread thread : threads) {
            assertThat(thread.join(Duration.ofSeconds(20))).as("a sender that no thread wakes").isTrue();
        }
        channel.close();
        List<Integer> all = new ArrayList<>(receiving.get(20, TimeUnit.SECONDS));
        receiver.join();
        all.addAll(received);
        all.addAll(refused);
        assertThat(all).hasSize(senders * each).doesNotHaveDuplicates();
    }

    @Test
    void askingForTheSizeKeepsNothingFromOthers() throws Exception {
        fill();
        assertThat(channel.size()).isEqualTo(2);
        FutureTask<List<Integer>> cancelling = new FutureTask<>(() -> channel.receiver().cancel());
        Thread.ofPlatform().daemon().start(cancelling);
        assertThat(cancelling.get(20, TimeUnit.SECONDS)).containsExactly(1, 2);
        assertThat(channel.size()).isZero();
        assertThat(channel.capacity()).isEqualTo(2);
    }

    private void fill() throws InterruptedException {
        channel.sender().send(1);
        channel.sender().send(2);
    }

    private Received<Integer> receive() throws InterruptedException {
        return channel.receiver().receive(LONG);
    }

    /** Starts a call and returns once it waits. */
    private static <T> FutureTask<T> inThread(java.util.concurrent.Callable<T> call) {
        FutureTask<T> future = new FutureTask<>(call);
        CountDownLatch started = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().daemon().start(() -> {
            started.countDown();
            future.run();
        });
        Awaitility.await()
                .pollInterval(Duration.ofMillis(2))
                .until(() -> started.getCount() == 0
                        && (thread.getState() == Thread.State.WAITING
                                || thread.getState() == Thread.State.TIMED_WAITING));
        return future;
    }
}
