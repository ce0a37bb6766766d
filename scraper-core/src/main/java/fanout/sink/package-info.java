/**
 * Where results go: the writer that drains the results channel into sinks and totals the report; and the sinks that are
 * files, in JSON Lines, CSV and JSON.
 */
@NullMarked
package fanout.sink;

import org.jspecify.annotations.NullMarked;
