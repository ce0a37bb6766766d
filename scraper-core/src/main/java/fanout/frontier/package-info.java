/** What to fetch next: the lock, which URLs are admitted, leases, what becomes of their results, and the end of the crawl. */
@Internal
@NullMarked
package fanout.frontier;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
