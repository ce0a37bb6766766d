/** What crawls share of the process: memory for bodies and documents, idle connections; and time on a processor for one page. */
@Internal
@NullMarked
package fanout.limit;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
