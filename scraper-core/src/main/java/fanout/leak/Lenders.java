package fanout.leak;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The lenders that are open, as long as a {@link Baseline} is open, too. The state belongs to the whole JVM, because a
 * test does not hand its lenders to the leak check. Without a {@code Baseline} it is empty, and opening a lender costs
 * one read of an atomic.
 *
 * <p>Thread-safe.
 */
public final class Lenders {

    private static final ReentrantLock LOCK = new ReentrantLock();

    @GuardedBy("LOCK")
    private static final Set<Lender> OPEN = Collections.newSetFromMap(new IdentityHashMap<>());

    private Lenders() {}

    /**
     * Says that a lender will lend things from now on. It is asked until the checks of this moment have ended; one that
     * lives longer than a test class says so again.
     */
    public static void opened(Lender lender) {
        if (Watchers.areThere()) {
            LOCK.lock();
            try {
                if (Watchers.areThere()) { // still: the last one who watched may have left meanwhile
                    OPEN.add(lender);
                }
            } finally {
                LOCK.unlock();
            }
        }
    }

    /** Says that a lender lends nothing more. What is not back by now is asked for again. */
    public static void ended(Lender lender) {
        if (Watchers.areThere() && lender.loans().isEmpty()) {
            LOCK.lock();
            try {
                OPEN.remove(lender);
            } finally {
                LOCK.unlock();
            }
        }
    }

    static void watch() {
        LOCK.lock();
        try {
            Watchers.add();
        } finally {
            LOCK.unlock();
        }
    }

    /** One who watched leaves. The lenders that came after these have been asked for the last time. */
    static void unwatch(Collection<Lender> before) {
        LOCK.lock();
        try {
            boolean last = Watchers.remove();
            OPEN.removeIf(lender -> last || !before.contains(lender));
        } finally {
            LOCK.unlock();
        }
    }

    static List<Lender> open() {
        LOCK.lock();
        try {
            return List.copyOf(OPEN);
        } finally {
            LOCK.unlock();
        }
    }

    /**
     * What is not back at this moment, with any of them. Asks them without a lock, since they have locks of their own.
     */
    static List<Loan> loans() {
        return open().stream().flatMap(lender -> lender.loans().stream()).toList();
    }
}
