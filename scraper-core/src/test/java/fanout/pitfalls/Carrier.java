package fanout.pitfalls;

import java.lang.reflect.Constructor;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * One processor for virtual threads, worked by the test's own thread: whatever is ready waits in line, first come first
 * served, as on the JDK's scheduler, and runs until it waits, yields or ends. So what ran before what is no matter of luck.
 *
 * <p>Confined to the test's thread, and to the virtual threads that run on it.
 */
final class Carrier implements Executor {

    private final Queue<Runnable> ready = new ArrayDeque<>();

    /** Starts a virtual thread, which runs in {@link #run}. */
    void start(String name, Actors.Part part) {
        threads().name(name).start(() -> {
            try {
                part.play();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Runs until nobody is ready. */
    void run() {
        Runnable next = ready.poll();
        while (next != null) {
            next.run();
            next = ready.poll();
        }
    }

    @Override
    public void execute(Runnable continuation) {
        ready.add(continuation);
    }

    /** The JDK has no public way to choose a scheduler; its own tests use this one. */
    private Thread.Builder.OfVirtual threads() {
        try {
            Constructor<?> onScheduler = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                    .getDeclaredConstructor(Executor.class);
            onScheduler.setAccessible(true);
            return (Thread.Builder.OfVirtual) onScheduler.newInstance(this);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the JDK has changed", e);
        }
    }
}
