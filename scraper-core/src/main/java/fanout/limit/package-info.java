/** What pages may use of the process: memory for bodies and documents, which crawls share, and time on a processor. */
@Internal
@NullMarked
package fanout.limit;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
