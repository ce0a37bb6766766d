/** Reads robots.txt into the rules of a host. */
@Internal
@NullMarked
package fanout.robots;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
