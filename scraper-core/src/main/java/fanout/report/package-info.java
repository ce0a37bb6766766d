/** The report of a crawl: how it ended, and what it did until then. */
@NullMarked
package fanout.report;

import org.jspecify.annotations.NullMarked;
