/** The pool of workers, and the loop take, fetch, parse, send. */
@Internal
@NullMarked
package fanout.worker;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
