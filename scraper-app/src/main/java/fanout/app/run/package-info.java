/** One job as a process: its outputs, metrics server, signals, report, summary and exit code. */
@NullMarked
package fanout.app.run;

import org.jspecify.annotations.NullMarked;
