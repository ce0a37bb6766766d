package fanout.leak;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many leak checks are under way in this JVM. Without one, nothing is remembered of threads, loans and their
 * origins. Thread-safe.
 */
final class Watchers {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private Watchers() {}

    static boolean areThere() {
        return COUNT.get() > 0;
    }

    static void add() {
        COUNT.incrementAndGet();
    }

    /** One leaves; returns whether it was the last. */
    static boolean remove() {
        return COUNT.decrementAndGet() == 0;
    }
}
