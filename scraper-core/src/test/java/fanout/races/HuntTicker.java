package fanout.races;

import fanout.internal.task.Ticker;
import java.time.Instant;
import java.util.concurrent.locks.Condition;

/** Clocks that stand, so that a schedule decides alone what happens: time never ends a wait. */
public enum HuntTicker implements Ticker {
    /** A wait ends with a wake-up. If none comes, all stand still, which a hunt sees. */
    PATIENT {

        @Override
        @SuppressWarnings("WaitNotInLoop") // the callers loop
        public long await(Condition condition, long nanos) throws InterruptedException {
            condition.await();
            return nanos;
        }
    },
    /** No call waits: one that would is interrupted there and then, and so has an end in every program. */
    IMPATIENT {

        @Override
        public long await(Condition condition, long nanos) throws InterruptedException {
            throw new InterruptedException("would wait");
        }
    };

    @Override
    public long nanos() {
        return 0;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH;
    }
}
