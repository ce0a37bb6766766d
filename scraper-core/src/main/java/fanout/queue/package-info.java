/** What waits for each host, and which host is next. */
@Internal
@NullMarked
package fanout.queue;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
