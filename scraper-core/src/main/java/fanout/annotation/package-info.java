/** Marks what is public for the crawler's own packages only. */
@NullMarked
package fanout.annotation;

import org.jspecify.annotations.NullMarked;
