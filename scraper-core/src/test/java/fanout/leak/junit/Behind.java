package fanout.leak.junit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;

/** What the samples leave behind, to be taken away when it was found. Confined to the tests' thread. */
public final class Behind {

    /** Takes something away. */
    @FunctionalInterface
    public interface Removal {
        void remove() throws Exception;
    }

    private static final Deque<Removal> REMOVALS = new ArrayDeque<>();

    private Behind() {}

    /** This takes away what a sample leaves. */
    public static void removedBy(Removal removal) {
        REMOVALS.push(removal);
    }

    /** Starts a thread that stays until it is taken away. */
    static void thread(Thread.Builder builder) throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = builder.start(() -> untilRemoved(inside, end));
        removedBy(() -> {
            end.countDown();
            thread.join();
        });
        inside.await();
    }

    /** A task that stays until it is taken away; the method's name is on its stack. */
    static void untilRemoved(CountDownLatch inside, CountDownLatch end) {
        inside.countDown();
        try {
            end.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // the executor was shut down
        }
    }

    /** Takes all of it away. */
    public static void remove() throws Exception {
        while (!REMOVALS.isEmpty()) {
            REMOVALS.pop().remove();
        }
    }
}
