/** What crawls count, as Micrometer meters. */
@Internal
@NullMarked
package fanout.metrics;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
