package fanout.jmh;

import java.util.concurrent.ExecutionException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** All threads send to one receiver, which ends when the last of them has: as results go from workers to the writer. */
public class Handover extends Workload {

    /** Through what they go. */
    public enum By {
        CHANNEL, ARRAY_BLOCKING_QUEUE, LINKED_TRANSFER_QUEUE, JOX
    }

    @Param
    public By by = By.CHANNEL;

    @Benchmark
    public long send() throws InterruptedException, ExecutionException {
        Pipe pipe = pipe();
        Owned<Long> receiver = Owned.start(pipe::receiveAll);
        shareOut((thread, share) -> {
            for (int i = 0; i < share; i++) {
                pipe.send(thread);
            }
        });
        pipe.end();
        return checked(receiver.end(), operations);
    }

    private Pipe pipe() {
        return switch (by) {
            case CHANNEL -> new Pipes.Ours();
            case ARRAY_BLOCKING_QUEUE -> Pipes.Queue.bounded();
            case LINKED_TRANSFER_QUEUE -> Pipes.Queue.unbounded();
            case JOX -> new Pipes.Jox();
        };
    }
}
