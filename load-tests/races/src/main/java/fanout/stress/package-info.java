/** How the stress tests of this module are run. */
@NullMarked
package fanout.stress;

import org.jspecify.annotations.NullMarked;
