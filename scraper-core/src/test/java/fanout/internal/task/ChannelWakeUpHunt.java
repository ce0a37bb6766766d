package fanout.internal.task;

import fanout.races.Hunt;
import fanout.races.HuntTicker;
import fanout.races.Together;
import java.time.Duration;
import org.jetbrains.lincheck.Lincheck;

/**
 * Is everybody woken who waits at a channel? Each program here comes to its end under every schedule, if no wake-up is
 * lost; one that stands still is a find.
 */
public final class ChannelWakeUpHunt implements Hunt {

    private static final Duration FOR_EVER = Duration.ofDays(1);

    // In static fields, because what only lambdas hold is taken for unshared, and its races are not looked for.
    private static Channel<Integer> channel;
    private static boolean first;
    private static boolean second;

    @Override
    public void run(Effort effort) {
        Lincheck.runConcurrentTest(effort.schedules(), ChannelWakeUpHunt::closeWakesEveryReceiver);
        Lincheck.runConcurrentTest(effort.schedules(), ChannelWakeUpHunt::cancelWakesEverySender);
        Lincheck.runConcurrentTest(effort.schedules(), ChannelWakeUpHunt::eachElementWakesAReceiverAndEachPlaceASender);
    }

    static void closeWakesEveryReceiver() {
        channel = Channel.bounded(1, HuntTicker.PATIENT);
        Together.run(() -> first = received(), () -> second = received(), () -> channel.close());
        expect(!first && !second, "a receiver got something that no sender sent");
    }

    static void cancelWakesEverySender() {
        channel = Channel.bounded(1, HuntTicker.PATIENT);
        Together.run(() -> first = sentTwice(), () -> second = sentTwice(), () -> channel.receiver().cancel());
        expect(!first && !second, "more was taken than there is room for");
    }

    static void eachElementWakesAReceiverAndEachPlaceASender() {
        channel = Channel.bounded(1, HuntTicker.PATIENT);
        Together.run(() -> first = sentTwice(), () -> second = received(), () -> received());
        expect(first && second, "what was sent was not received");
    }

    private static boolean received() throws InterruptedException {
        return channel.receiver().receive(FOR_EVER) instanceof Received.Value;
    }

    private static boolean sentTwice() throws InterruptedException {
        return channel.sender().send(1) && channel.sender().send(2);
    }

    private static void expect(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
