/** The crawler: one call runs one job. */
@NullMarked
package fanout;

import org.jspecify.annotations.NullMarked;
