/** The crawl's numbers as Micrometer meters. */
@NullMarked
package fanout.metrics;

import org.jspecify.annotations.NullMarked;
