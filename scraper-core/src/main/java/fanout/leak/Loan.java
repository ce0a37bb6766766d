package fanout.leak;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Something that a {@link Lender} has lent and not got back.
 *
 * @param kind in a word: {@code lease}
 * @param what which of its kind
 * @param thing compared by identity: what was lent before a test began is not the test's
 * @param origin where it was taken
 * @param isLost whether it is known not to come back; no check waits for it
 */
public record Loan(String kind, String what, Object thing, Origin origin, boolean isLost) implements Remnant {

    /** One that may come back. */
    public Loan(String kind, String what, Object thing, Origin origin) {
        this(kind, what, thing, origin, false);
    }

    @Override
    public boolean mayGo() {
        return !isLost;
    }

    @Override
    public void awaitEnd(Duration atMost) {
        LockSupport.parkNanos(Math.min(atMost.toNanos(), 1_000_000)); // nothing signals its return
    }

    @Override
    public Leak leak() {
        return new Leak(kind, what + ", taken by " + origin.thread(), origin.scope(), origin.stack(), thing);
    }
}
