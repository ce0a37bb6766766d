package fanout.simulation;

import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One virtual thread, and the executor of its continuation, which it therefore knows: the scheduler decides when that
 * runs, always on the one thread that drives the simulation.
 *
 * <p>A timed wait is ended by interrupting the thread and running it at once, with a mark that says it was the clock.
 * The lock that it waits at takes the flag before any other thread can run, so an interrupt that comes later is
 * another's, and is kept.
 */
final class SimulatedThread implements Executor {

    static final int OF_NO_CRAWL = 0;

    private static final Pattern CRAWL = Pattern.compile("^crawl-\\d+ ");

    /** A wait that the clock may end. */
    static final class Wait {

        private final long due;
        private boolean ended;
        /**
         * Before the clock ended it: then the clock is too late. Or after: then the thread did not have its lock back
         * yet.
         */
        private boolean interrupted;

        private Wait(long due) {
            this.due = due;
        }

        /** Whether the clock ended it, and not a signal or an interrupt. */
        boolean wasEndedByTheClock() {
            return ended;
        }

        /** Whether another thread interrupted this one, before it had its lock back. */
        boolean wasInterrupted() {
            return interrupted;
        }

        private boolean isOpen() {
            return !ended && !interrupted;
        }
    }

    private final int number;
    private final int crawl;
    private final SimulatedThreads all;
    private final Thread thread;
    private @Nullable Runnable continuation;
    private @Nullable Wait wait;
    long priority;

    SimulatedThread(int number, int crawl, SimulatedThreads all, Runnable task) {
        this.number = number;
        this.crawl = crawl;
        this.all = all;
        this.thread = VirtualThreads.on(this, task);
    }

    @Override
    public void execute(Runnable runnable) {
        if (all.mayWake()) {
            continuation = runnable;
        }
    }

    Thread thread() {
        return thread;
    }

    int number() {
        return number;
    }

    /** The number of its crawl in the plan. */
    int crawl() {
        return crawl;
    }

    /** Its name, with the crawl's number in the plan and not in the JVM. */
    String name() {
        return CRAWL.matcher(thread.getName()).replaceFirst(crawl + " ");
    }

    boolean isReady() {
        return continuation != null;
    }

    /** Whether it sleeps in a wait that the clock may end now. */
    boolean isDue(long now) {
        return isTimed() && due() <= now;
    }

    /** Whether the clock can end what it waits for. */
    boolean isTimed() {
        return continuation == null && wait != null && wait.isOpen();
    }

    /** When; only if it is timed. */
    long due() {
        return wait == null ? Long.MAX_VALUE : wait.due;
    }

    Wait begins(long due) {
        Wait begun = new Wait(due);
        wait = begun;
        return begun;
    }

    void waitIsOver() {
        wait = null;
    }

    /** Runs it until it waits, yields or ends. */
    void proceed() {
        if (wait != null) {
            // not by the clock, whose own interrupt is taken at once: see endWait
            wait.interrupted |= thread.isInterrupted();
        }
        run();
    }

    /** Lets the clock end its wait, and runs it at once. */
    void endWait() {
        if (wait != null) {
            wait.ended = true;
        }
        thread.interrupt();
        run();
    }

    private void run() {
        Runnable next = continuation;
        continuation = null;
        if (next != null) {
            next.run();
        }
    }

    /** Where it waits: the innermost line of ours. */
    String place() {
        return Arrays.stream(thread.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("fanout.")
                        && !frame.getClassName().equals(SimulatedClock.class.getName()))
                .findFirst()
                .map(frame -> simpleName(frame.getClassName()) + "." + frame.getMethodName() + ":"
                        + frame.getLineNumber())
                .orElse("the JDK");
    }

    private static String simpleName(String type) {
        return type.substring(type.lastIndexOf('.') + 1).replace('$', '.');
    }

    @Override
    public String toString() {
        return name();
    }
}
