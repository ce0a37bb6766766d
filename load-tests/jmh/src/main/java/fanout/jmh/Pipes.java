package fanout.jmh;

import com.softwaremill.jox.ChannelClosed;
import fanout.internal.task.Channel;
import fanout.internal.task.Received;
import fanout.internal.task.Ticker;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedTransferQueue;

/** The ways from senders to a receiver. */
final class Pipes {

    /** Two for each of 64 workers, as a crawl has it. */
    static final int CAPACITY = 128;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Pipes() {}

    static final class Ours implements Pipe {

        private final Channel<Integer> channel = Channel.bounded(CAPACITY, Ticker.system());

        @Override
        public void send(Integer element) throws InterruptedException {
            channel.sender().send(element);
        }

        @Override
        public void end() {
            channel.close();
        }

        @Override
        public long receiveAll() throws InterruptedException {
            long received = 0;
            while (channel.receiver().receive(PATIENCE) instanceof Received.Value<Integer>) {
                received++;
            }
            return received;
        }
    }

    /**
     * A queue of the JDK's, which cannot be closed: a poison pill says the end. No sender that waits could be freed.
     */
    static final class Queue implements Pipe {

        private static final Integer PILL = -1;

        private final BlockingQueue<Integer> queue;

        private Queue(BlockingQueue<Integer> queue) {
            this.queue = queue;
        }

        static Queue bounded() {
            return new Queue(new ArrayBlockingQueue<>(CAPACITY));
        }

        /** Never full: it is as fast as memory lasts. */
        static Queue unbounded() {
            return new Queue(new LinkedTransferQueue<>());
        }

        @Override
        public void send(Integer element) throws InterruptedException {
            queue.put(element);
        }

        @Override
        public void end() throws InterruptedException {
            queue.put(PILL);
        }

        @Override
        public long receiveAll() throws InterruptedException {
            long received = 0;
            while (!queue.take().equals(PILL)) {
                received++;
            }
            return received;
        }
    }

    static final class Jox implements Pipe {

        private final com.softwaremill.jox.Channel<Integer> channel =
                com.softwaremill.jox.Channel.newBufferedChannel(CAPACITY);

        @Override
        public void send(Integer element) throws InterruptedException {
            channel.send(element);
        }

        @Override
        public void end() {
            channel.done();
        }

        @Override
        public long receiveAll() throws InterruptedException {
            long received = 0;
            while (!(channel.receiveOrClosed() instanceof ChannelClosed)) {
                received++;
            }
            return received;
        }
    }
}
