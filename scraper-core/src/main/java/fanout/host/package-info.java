/** One host's manners as pure functions: when it may be asked again, and what it allows. */
@NullMarked
package fanout.host;

import org.jspecify.annotations.NullMarked;
