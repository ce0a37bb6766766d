/** What to fetch next: dedupe, per-host queues, leases, the exact page budget, and completion. */
@Internal
@NullMarked
package fanout.frontier;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
