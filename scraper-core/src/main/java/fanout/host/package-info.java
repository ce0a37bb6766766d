/** One host's manners as pure functions, and the hosts that the crawls of a process share. */
@Internal
@NullMarked
package fanout.host;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
