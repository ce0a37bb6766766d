package fanout.load;

import fanout.internal.task.Ticker;
import java.time.Instant;
import java.util.concurrent.locks.Condition;

/** A clock that a wait moves to its end, at no cost. For one thread. */
final class JumpingClock implements Ticker {

    private long passed;

    /** Lets time pass. */
    void advance(long nanos) {
        passed += nanos;
    }

    @Override
    public long nanos() {
        return passed;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(passed);
    }

    @Override
    public long await(Condition condition, long nanos) {
        passed += nanos;
        return 0;
    }
}
