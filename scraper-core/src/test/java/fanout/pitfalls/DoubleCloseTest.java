package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.internal.task.Channel;
import fanout.internal.task.Received;
import fanout.internal.task.Ticker;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.Test;

/**
 * A second close, on the error path, hangs the program, and so does a late send: the second end is one more element in
 * the queue, and no receiver is left to take it.
 *
 * <pre>
 * writer                    owner                          late worker
 *                           close
 * receive the end, end
 *                           close
 *                           Broken: the end is queued      send: for ever
 *                           Fixed:  nothing happens        send is refused, end
 * </pre>
 */
@Pitfall(id = "double-close", question = "What happens at the second close, and at a send after the first?",
        go = "a panic at the second close of a channel, or at a send on a closed one", embodiedBy = Channel.class)
class DoubleCloseTest {

    /** A poison pill: the end is an element of the queue. */
    static final class Broken implements Sample {

        private static final String END = "the end";

        private final BlockingQueue<String> queue = new ArrayBlockingQueue<>(1);

        @Override
        public void send(String result) throws InterruptedException {
            queue.put(result);
        }

        @Override
        public void close() throws InterruptedException {
            queue.put(END);
        }

        @Override
        public boolean receivesTheEnd() throws InterruptedException {
            return queue.take().equals(END);
        }
    }

    /** Closed is a state of the channel. */
    static final class Fixed implements Sample {

        private final Channel<String> channel = Channel.bounded(1, Ticker.system());

        @Override
        public void send(String result) throws InterruptedException {
            channel.sender().send(result);
        }

        @Override
        public void close() {
            channel.close();
        }

        @Override
        public boolean receivesTheEnd() throws InterruptedException {
            return channel.receiver().receive(Actors.AT_MOST) instanceof Received.Closed<String>;
        }
    }

    interface Sample {

        void send(String result) throws InterruptedException;

        void close() throws InterruptedException;

        boolean receivesTheEnd() throws InterruptedException;
    }

    private static void schedule(Sample sample, Actors actors) throws InterruptedException {
        actors.start("owner, at the end", sample::close);
        actors.start("writer", () -> assertThat(sample.receivesTheEnd()).isTrue());
        actors.awaitEnd();
        actors.start("owner, cleaning up", sample::close);
        actors.awaitEnd();
        actors.start("late worker", () -> sample.send("/late"));
    }

    @Test
    void brokenLateWorkerIsStuckBehindTheSecondEnd() throws InterruptedException {
        try (Actors actors = new Actors()) {
            schedule(new Broken(), actors);
            actors.awaitParked("late worker", "send");
            assertThat(actors.alive()).containsExactly("late worker");
        }
    }

    @Test
    void fixedSecondCloseIsHarmlessAndTheLateWorkerIsRefused() throws InterruptedException {
        try (Actors actors = new Actors()) {
            schedule(new Fixed(), actors);
            actors.awaitEnd("late worker");
            assertThat(actors.failures()).singleElement().isInstanceOf(IllegalStateException.class);
        }
    }
}
