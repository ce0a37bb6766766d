package fanout.jmh;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A virtual thread that owns some state, and returns it when it ends. The thread that starts it ends and joins it. */
final class Owned<T> {

    private final FutureTask<T> task;
    private final Thread thread;

    private Owned(Callable<T> body) {
        this.task = new FutureTask<>(body);
        this.thread = Thread.ofVirtual().name("owner").start(task);
    }

    static <T> Owned<T> start(Callable<T> body) {
        return new Owned<>(body);
    }

    /** Waits for its end, which it has been told of. */
    T end() throws InterruptedException {
        thread.join();
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the owner failed", e);
        }
    }
}
