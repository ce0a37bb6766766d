/** What to fetch next: dedupe, per-host queues, leases, the exact page budget, and completion. */
@NullMarked
package fanout.frontier;

import org.jspecify.annotations.NullMarked;
