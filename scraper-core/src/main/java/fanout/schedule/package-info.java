/** Which host is next: those that are ready take turns, the others wait for a moment. */
@Internal
@NullMarked
package fanout.schedule;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
