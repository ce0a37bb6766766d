/** What becomes of a discovered URL, and why. */
@NullMarked
package fanout.outcome;

import org.jspecify.annotations.NullMarked;
