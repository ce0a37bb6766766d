/** What a crawl says of itself at its end. */
@NullMarked
package fanout.report;

import org.jspecify.annotations.NullMarked;
