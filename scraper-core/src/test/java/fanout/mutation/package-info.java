/** Seeded bugs: the program as it would be with a mistake in it, for searches to show that they find it. */
@NullMarked
package fanout.mutation;

import org.jspecify.annotations.NullMarked;
