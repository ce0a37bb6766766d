/** The pool of workers, and the loop take, visit, finish, send; a visit asks the robots rules, fetches and parses. */
@Internal
@NullMarked
package fanout.internal.worker;

import fanout.internal.annotation.Internal;
import org.jspecify.annotations.NullMarked;
