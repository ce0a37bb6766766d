package fanout.simulation;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.Random;
import java.util.concurrent.Executor;

/**
 * What the JDK keeps to itself and a simulation needs: virtual threads on an executor of ours, and the one generator behind
 * {@link Math#random}, from which resilience4j draws the jitter of a backoff. Needs {@code --add-opens java.base/java.lang=ALL-UNNAMED}.
 */
final class VirtualThreads {

    private static final Constructor<?> BUILDER = builder();
    private static final Random MATH_RANDOM = mathRandom();

    private VirtualThreads() {}

    /** A thread, not started, whose continuations this executor is given. */
    static Thread on(Executor scheduler, Runnable task) {
        try {
            return ((Thread.Builder.OfVirtual) BUILDER.newInstance(scheduler)).unstarted(task);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the JDK has changed", e);
        }
    }

    /** Makes {@link Math#random} give the same numbers again. For the whole JVM: one simulation at a time. */
    static void seedMathRandom(long seed) {
        MATH_RANDOM.setSeed(seed);
    }

    private static Constructor<?> builder() {
        try {
            Constructor<?> found =
                    Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                            .getDeclaredConstructor(Executor.class);
            found.setAccessible(true);
            return found;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the JDK has changed", e);
        }
    }

    private static Random mathRandom() {
        try {
            Field found = Class.forName("java.lang.Math$RandomNumberGeneratorHolder")
                    .getDeclaredField("randomNumberGenerator");
            found.setAccessible(true);
            return (Random) found.get(null);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the JDK has changed", e);
        }
    }
}
