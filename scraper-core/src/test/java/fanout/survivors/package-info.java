/** What mutation testing by PIT says of each package: its figures, and why the mutants that survive do. */
@NullMarked
package fanout.survivors;

import org.jspecify.annotations.NullMarked;
