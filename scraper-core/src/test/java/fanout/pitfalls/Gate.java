package fanout.pitfalls;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A gate across a line of a sample, where the schedule holds the threads that come by until the test opens it. It stays
 * open. This is how a window of a few nanoseconds becomes one that a test can look into. Thread-safe.
 */
final class Gate {

    private final CountDownLatch open = new CountDownLatch(1);

    /** Waits until the gate is open. */
    void pass() throws InterruptedException {
        if (!open.await(Actors.AT_MOST.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException("no thread opened the gate");
        }
    }

    void open() {
        open.countDown();
    }
}
