/** Marks what is public for the crawler's own packages only. */
@Internal
@NullMarked
package fanout.internal.annotation;

import org.jspecify.annotations.NullMarked;
