package fanout.synthetic;

import java.util.concurrent.atomic.AtomicInteger;

/** How many there are now, and were at most. Thread-safe. */
final class Gauge {

    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger highest = new AtomicInteger();

    void enter() {
        int current = now.incrementAndGet();
        if (current > highest.get()) {
            highest.accumulateAndGet(current, Math::max);
        }
    }

    void leave() {
        now.decrementAndGet();
    }

    int now() {
        return now.get();
    }

    int highest() {
        return highest.get();
    }
}
