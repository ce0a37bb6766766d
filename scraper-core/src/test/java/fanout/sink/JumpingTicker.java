package fanout.sink;

import fanout.internal.task.Ticker;
import java.time.Instant;
import java.util.concurrent.locks.Condition;

/** A clock on which waiting takes no time, and is always in vain. Confined to one thread. */
final class JumpingTicker implements Ticker {

    long nanos;
    /** Called at the end of each wait. */
    Runnable whenWaited = () -> {};

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public long await(Condition condition, long wait) {
        nanos += wait;
        whenWaited.run();
        return 0;
    }
}
