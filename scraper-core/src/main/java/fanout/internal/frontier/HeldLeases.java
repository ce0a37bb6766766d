package fanout.internal.frontier;

import fanout.leak.Loan;
import java.util.ArrayList;
import java.util.List;

/** The leases that workers hold. Guarded by the frontier's lock. */
final class HeldLeases {

    /** In no order: each knows its place. */
    private final List<LeaseEntry> held = new ArrayList<>();
    private int peak;

    void add(LeaseEntry lease) {
        lease.place = held.size();
        held.add(lease);
        peak = Math.max(peak, held.size());
    }

    void remove(LeaseEntry lease) {
        if (lease.place >= held.size() || held.get(lease.place) != lease) {
            throw new IllegalStateException("not leased: " + lease.work.url());
        }
        LeaseEntry last = held.removeLast();
        if (last != lease) {
            held.set(lease.place, last);
            last.place = lease.place;
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
