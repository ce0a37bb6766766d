/** Reads robots.txt. */
@Internal
@NullMarked
package fanout.robots;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
