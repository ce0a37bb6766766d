/** What crawls of one process share and may use up: memory for bodies and documents, time on a processor. */
@Internal
@NullMarked
package fanout.limit;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
