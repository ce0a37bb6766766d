package fanout.simulation;

import java.lang.reflect.Constructor;
import java.util.concurrent.Executor;

/**
 * What the JDK keeps to itself and a simulation needs: virtual threads on an executor of ours. Needs
 * {@code --add-opens java.base/java.lang=ALL-UNNAMED}.
 */
final class VirtualThreads {

    private static final Constructor<?> BUILDER = builder();

    private VirtualThreads() {}

    /** A thread, not started, whose continuations this executor is given. */
    static Thread on(Executor scheduler, Runnable task) {
        try {
            return ((Thread.Builder.OfVirtual) BUILDER.newInstance(scheduler)).unstarted(task);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the JDK has changed", e);
        }
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
}
