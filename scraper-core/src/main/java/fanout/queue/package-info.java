/** What waits for each host, and when its work may be leased. */
@Internal
@NullMarked
package fanout.queue;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
