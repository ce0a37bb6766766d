package fanout.leak;

import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Who lends things, for as long as somebody watches. This is the one place with state of the whole JVM, because a leak check
 * has to know of lenders that a test opened without telling it. It is empty, and costs whoever opens a lender a look at a
 * volatile field, unless a {@link Baseline} is open.
 *
 * <p>Thread-safe.
 */
public final class Lenders {

    private static final Object LOCK = new Object();
    private static final Set<Lender> OPEN = Collections.newSetFromMap(new IdentityHashMap<>()); // guarded by LOCK
    private static volatile int watchers; // written under LOCK

    private Lenders() {}

    /** Says that a lender will lend things from now on. */
    public static void opened(Lender lender) {
        if (areWatched()) {
            synchronized (LOCK) {
                OPEN.add(lender);
            }
        }
    }

    /** Says that a lender lends nothing more. What is not back by now is asked for again. */
    public static void ended(Lender lender) {
        if (areWatched() && lender.loans().isEmpty()) {
            synchronized (LOCK) {
                OPEN.remove(lender);
            }
        }
    }

    static boolean areWatched() {
        return watchers > 0;
    }

    static void watch() {
        synchronized (LOCK) {
            watchers++;
        }
    }

    /** One who watched leaves. The lenders that came after these have been asked for the last time. */
    static void unwatch(Collection<Lender> before) {
        synchronized (LOCK) {
            watchers--;
            OPEN.removeIf(lender -> watchers == 0 || !before.contains(lender));
        }
    }

    static List<Lender> open() {
        synchronized (LOCK) {
            return List.copyOf(OPEN);
        }
    }

    /** What is not back at this moment, with any of them. Asks them without a lock, since they have locks of their own. */
    static List<Loan> loans() {
        return open().stream().flatMap(lender -> lender.loans().stream()).toList();
    }
}
