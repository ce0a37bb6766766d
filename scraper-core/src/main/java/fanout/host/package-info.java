/** One host's manners as pure functions: when it may be asked again, and what it allows. */
@Internal
@NullMarked
package fanout.host;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
