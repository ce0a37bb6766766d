/** Name lookup under deadlines. */
@Internal
@NullMarked
package fanout.dns;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
