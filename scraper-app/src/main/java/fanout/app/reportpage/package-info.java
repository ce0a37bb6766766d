/** The report page: what a run wrote, read in passes of bounded memory and shown as one HTML file. */
@NullMarked
package fanout.app.reportpage;

import org.jspecify.annotations.NullMarked;
