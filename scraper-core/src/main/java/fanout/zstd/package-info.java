/** Bodies in zstd, decoded within limits, in plain Java. */
@Internal
@NullMarked
package fanout.zstd;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
