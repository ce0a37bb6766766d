/**
 * What crawls share of the process: memory for bodies and documents, idle connections; and time on a processor for one
 * page.
 */
@Internal
@NullMarked
package fanout.internal.limit;

import fanout.internal.annotation.Internal;
import org.jspecify.annotations.NullMarked;
