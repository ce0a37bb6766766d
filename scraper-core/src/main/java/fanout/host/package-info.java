/** One host's manners, pace and back-off as pure functions, its circuit and robots rules, and the hosts that the crawls of a process share. */
@Internal
@NullMarked
package fanout.host;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
