/** SHA-256, by the system's own library where there is one. */
@Internal
@NullMarked
package fanout.digest;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
