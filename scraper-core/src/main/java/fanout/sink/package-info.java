/** Where results go: the writer that drains the results channel into sinks and totals the report. */
@NullMarked
package fanout.sink;

import org.jspecify.annotations.NullMarked;
