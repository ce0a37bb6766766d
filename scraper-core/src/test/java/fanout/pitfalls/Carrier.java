package fanout.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One processor for virtual threads, worked by the test's own thread: whatever is ready waits in line, first come first
 * served, and runs until it waits or ends. So what ran before what is no matter of luck.
 *
 * <p>Confined to the test's thread, except for {@link #execute}, by which the JDK's timer wakes those that wait for a
 * time.
 */
final class Carrier implements Executor {

    private final BlockingQueue<Runnable> ready = new LinkedBlockingQueue<>();
    private int alive;

    /** Starts a virtual thread, which runs in {@link #run}. */
    void start(String name, Actors.Part part) {
        alive++;
        threads().name(name).start(() -> {
            try {
                part.play();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                alive--;
            }
        });
    }

    /** Runs until no thread is ready. */
    void run() {
        Runnable next = ready.poll();
        while (next != null) {
            next.run();
            next = ready.poll();
        }
    }

    /** Runs until all have ended. */
    void runToTheEnd() throws InterruptedException {
        while (alive > 0) {
            Runnable next = ready.poll(Actors.AT_MOST.toNanos(), TimeUnit.NANOSECONDS);
            assertThat(next).as("a thread that is ready, of %d alive", alive).isNotNull();
            next.run();
        }
        run(); // the last one's end is a piece of its own
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
