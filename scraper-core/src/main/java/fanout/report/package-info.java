/** The report of a crawl: how it ended, and what it did until then; and its tasks as others see them. */
@NullMarked
package fanout.report;

import org.jspecify.annotations.NullMarked;
