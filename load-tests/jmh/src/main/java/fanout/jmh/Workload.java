package fanout.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A fixed number of operations, shared out to some virtual threads: what is measured is the time until all are done.
 *
 * <p>JMH's own threads are not used for it. They run for a fixed time, and of virtual threads that never wait only as
 * many as there are processors would run at all; with a fixed amount of work each has its turn, as in a program.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public abstract class Workload {

    @Param({"1", "4", "16", "64"})
    public int threads;

    /** Enough to make the start of 64 threads a trifle. */
    @Param("1048576")
    public int operations;

    /** What one of the threads does. */
    @FunctionalInterface
    interface Share {
        void run(int thread, int operations) throws InterruptedException;
    }

    /** Runs the threads, and returns when all have ended. */
    final void shareOut(Share share) throws InterruptedException, ExecutionException {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> running = new ArrayList<>(threads);
            for (int i = 0; i < threads; i++) {
                int thread = i;
                running.add(executor.submit(() -> {
                    share.run(thread, operations / threads);
                    return null;
                }));
            }
            for (Future<Void> one : running) {
                one.get();
            }
        }
    }

    /** What lost an operation is not measured. */
    static long checked(long done, long expected) {
        if (done != expected) {
            throw new IllegalStateException("%d instead of %d".formatted(done, expected));
        }
        return done;
    }
}
