package fanout.app.wrong;

import fanout.app.wrong.inner.Circle;
import fanout.internal.task.Channel;

/** Breaks every rule of {@link fanout.app.ArchitectureTest}; never run. */
public final class SleepingHelper {

    private SleepingHelper() {}

    /** Public, and used by no other package. */
    public static final class Unused {
        private Unused() {}
    }

    /** Uses what is internal to the library, waits for nothing, and ends the JVM. */
    public static void breakEveryRule(Channel<Circle> channel) throws InterruptedException {
        Thread.sleep(channel.size());
        System.exit(1);
    }
}
