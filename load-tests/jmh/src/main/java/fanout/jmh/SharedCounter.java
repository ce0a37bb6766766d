package fanout.jmh;

import java.util.concurrent.ExecutionException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** All threads count on one counter, and do nothing else. */
public class SharedCounter extends Workload {

    /** How it is shared. */
    public enum By {
        MUTEX, MONITOR, READ_WRITE_LOCK, ATOMIC, ADDER, CHANNEL
    }

    @Param
    public By by = By.MUTEX;

    @Benchmark
    public long count() throws InterruptedException, ExecutionException {
        Counter counter = shared();
        shareOut((_, share) -> {
            for (int i = 0; i < share; i++) {
                counter.increment();
            }
        });
        return checked(counter.total(), operations);
    }

    private Counter shared() {
        return switch (by) {
            case MUTEX -> new Counters.Mutex();
            case MONITOR -> new Counters.Monitor();
            case READ_WRITE_LOCK -> new Counters.ReadWrite();
            case ATOMIC -> new Counters.Atomic();
            case ADDER -> new Counters.Adder();
            case CHANNEL -> new Counters.Owner();
        };
    }
}
