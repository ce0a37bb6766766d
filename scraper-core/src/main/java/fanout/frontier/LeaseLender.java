package fanout.frontier;

import fanout.leak.Lender;
import fanout.leak.Loan;
import fanout.leak.Origin;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells a leak check which leases are not finished. It does not wait for a lock that a bug keeps: what it says then names the thread
 * that has it. Thread-safe.
 */
final class LeaseLender implements Lender {

    private static final Duration LONGEST_LOOK = Duration.ofMillis(500);

    private final ReentrantLock lock;
    private final Ledger ledger; // guarded by lock

    LeaseLender(ReentrantLock lock, Ledger ledger) {
        this.lock = lock;
        this.ledger = ledger;
    }

    @Override
    public List<Loan> loans() {
        if (!isLocked()) {
            return List.of(new Loan("lease", "of which nothing is known: " + lock, this, Origin.unknown()));
        }
        try {
            return ledger.heldLeases();
        } finally {
            lock.unlock();
        }
    }

    private boolean isLocked() {
        try {
            return lock.tryLock(LONGEST_LOOK.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
