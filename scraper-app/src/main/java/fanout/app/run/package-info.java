/**
 * One crawl from its first file to its last, for command line and service; and one job as a process: its outputs,
 * metrics server, signals, summary and exit code.
 */
@NullMarked
package fanout.app.run;

import org.jspecify.annotations.NullMarked;
