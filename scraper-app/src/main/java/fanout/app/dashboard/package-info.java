/** The dashboard: pages, styles and scripts, all of them files of the program. */
@NullMarked
package fanout.app.dashboard;

import org.jspecify.annotations.NullMarked;
