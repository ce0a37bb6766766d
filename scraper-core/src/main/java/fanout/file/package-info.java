/** Outcomes, items and reports as files: JSON Lines, CSV, JSON. */
@NullMarked
package fanout.file;

import org.jspecify.annotations.NullMarked;
