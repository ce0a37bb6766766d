/**
 * What to fetch next: the lock, which URLs are admitted, leases, what becomes of their results, and the end of the
 * crawl.
 */
@Internal
@NullMarked
package fanout.internal.frontier;

import fanout.internal.annotation.Internal;
import org.jspecify.annotations.NullMarked;
