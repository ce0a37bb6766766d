package fanout.frontier;

import fanout.leak.Loan;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The leases that workers hold. Guarded by the frontier's lock. */
final class HeldLeases {

    private final Set<LeaseEntry> held = new HashSet<>();
    private int peak;

    void add(LeaseEntry lease) {
        held.add(lease);
        peak = Math.max(peak, held.size());
    }

    void remove(LeaseEntry lease) {
        if (!held.remove(lease)) {
            throw new IllegalStateException("not leased: " + lease.work.url());
        }
    }

    boolean areNone() {
        return held.isEmpty();
    }

    int size() {
        return held.size();
    }

    /** The most that there were at one moment. */
    int peak() {
        return peak;
    }

    /** As a leak check names them. */
    List<Loan> loans() {
        return held.stream()
                .map(lease -> new Loan("lease", "of " + lease.work.url(), lease, lease.origin))
                .toList();
    }
}
