/** What crawls count, as Micrometer meters. */
@Internal
@NullMarked
package fanout.internal.metrics;

import fanout.internal.annotation.Internal;
import org.jspecify.annotations.NullMarked;
