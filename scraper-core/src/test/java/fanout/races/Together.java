package fanout.races;

import java.util.ArrayList;
import java.util.List;

/** Runs actions at once, on threads of their own, and comes back when all have ended. For programs of {@link Hunt}s. */
public final class Together {

    private Together() {}

    /** What one thread does. Must not throw: what it got is kept by it, and looked at when all have ended. */
    @FunctionalInterface
    public interface Action {

        void run() throws InterruptedException;
    }

    public static void run(Action... actions) {
        List<Thread> threads = new ArrayList<>();
        for (Action action : actions) {
            threads.add(new Thread(() -> run(action)));
        }
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            join(thread);
        }
    }

    private static void run(Action action) {
        try {
            action.run();
        } catch (InterruptedException e) {
            throw new AssertionError("no thread interrupts here", e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(); // said here and not as thread::join, which Lincheck would not see
        } catch (InterruptedException e) {
            throw new AssertionError("no thread interrupts here", e);
        }
    }
}
