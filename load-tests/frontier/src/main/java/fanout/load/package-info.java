/** The cost of the frontier alone. Run by {@code load-tests/bin/frontier}. */
@NullMarked
package fanout.load;

import org.jspecify.annotations.NullMarked;
