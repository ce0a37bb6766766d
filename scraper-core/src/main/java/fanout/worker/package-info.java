/** The pool of workers, and the loop take, fetch, parse, send. */
@NullMarked
package fanout.worker;

import org.jspecify.annotations.NullMarked;
