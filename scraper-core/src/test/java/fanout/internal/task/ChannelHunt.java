package fanout.internal.task;

import fanout.races.Hunt;
import fanout.races.HuntTicker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * Is a channel linearizable: does every concurrent use look as if the calls had been made one after the other, on the
 * few lines of {@link Sequential}?
 *
 * <p>No call waits here, or a program could stand still without a mistake: the channel has more room than a program
 * sends, and receivers wait for no time at all. {@link ChannelWakeUpHunt} is for those who wait.
 */
public class ChannelHunt implements Hunt {

    private static final int THREADS = 2;
    private static final int CALLS = 3;

    @Override
    public void run(Effort effort) {
        check(new ModelCheckingOptions().invocationsPerIteration(effort.schedules()), effort);
    }

    /** The same on threads that the machine schedules. */
    public static final class Stress extends ChannelHunt {

        @Override
        public void run(Effort effort) {
            check(new StressOptions().invocationsPerIteration(effort.schedules()), effort);
        }
    }

    static void check(Options<?, ?> options, Effort effort) {
        options.iterations(effort.scenarios())
                .threads(THREADS)
                .actorsPerThread(CALLS)
                .actorsBefore(0)
                .actorsAfter(1)
                .sequentialSpecification(Sequential.class)
                .check(Calls.class);
    }

    /** The calls of which programs are made up. */
    public static final class Calls {

        private final Channel<Integer> channel = Channel.bounded(THREADS * CALLS + 1, HuntTicker.PATIENT);

        @Operation
        public String send(@Param(gen = IntGen.class, conf = "1:3") int element) throws InterruptedException {
            try {
                return channel.sender().send(element) ? "sent" : "no receiver takes it";
            } catch (IllegalStateException refused) {
                return "refused";
            }
        }

        @Operation
        public String receive() throws InterruptedException {
            return switch (channel.receiver().receive(Duration.ZERO)) {
                case Received.Value<Integer> got -> "got " + got.value();
                case Received.Closed<Integer> _ -> "closed";
                case Received.TimedOut<Integer> _ -> "nothing yet";
            };
        }

        @Operation
        public void close() {
            channel.close();
        }

        @Operation
        public List<Integer> cancel() {
            return channel.receiver().cancel();
        }

        @Operation
        public int size() {
            return channel.size();
        }
    }

    /** What a channel is, for one thread. */
    public static final class Sequential {

        private final Queue<Integer> elements = new ArrayDeque<>();
        private boolean closed;
        private boolean cancelled;

        public String send(int element) {
            if (cancelled) {
                return "no receiver takes it";
            }
            if (closed) {
                return "refused";
            }
            elements.add(element);
            return "sent";
        }

        public String receive() {
            if (elements.isEmpty()) {
                return closed || cancelled ? "closed" : "nothing yet";
            }
            return "got " + elements.remove();
        }

        public void close() {
            closed = true;
        }

        public List<Integer> cancel() {
            cancelled = true;
            List<Integer> undelivered = List.copyOf(elements);
            elements.clear();
            return undelivered;
        }

        public int size() {
            return elements.size();
        }
    }
}
