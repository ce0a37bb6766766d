/** What a crawl costs without the crawler: the measure of speed. */
@NullMarked
package fanout.bench;

import org.jspecify.annotations.NullMarked;
