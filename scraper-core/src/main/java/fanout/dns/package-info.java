/** Name lookup under deadlines, and without the addresses that the job does not allow. */
@Internal
@NullMarked
package fanout.dns;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
