/** Marks what is public for the crawler's own packages only. */
@NullMarked
package fanout.internal.annotation;

import org.jspecify.annotations.NullMarked;
