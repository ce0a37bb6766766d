package fanout.internal.limit;

import fanout.internal.task.Ticker;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/** A clock that stands, on which threads that are woken do not run before the test lets them. */
final class LateWakeUps implements Ticker {

    private static final long LOOK_EVERY = TimeUnit.MICROSECONDS.toNanos(200);

    private volatile boolean mayRun;

    void letThemRun() {
        mayRun = true;
    }

    @Override
    public long nanos() {
        return 0;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH;
    }

    @Override
    public long await(Condition condition, long nanos) throws InterruptedException {
        do {
            condition.awaitNanos(LOOK_EVERY);
        } while (!mayRun);
        return nanos;
    }
}
