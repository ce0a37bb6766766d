/** What a crawl is asked to do: immutable records that validate themselves. */
@NullMarked
package fanout.job;

import org.jspecify.annotations.NullMarked;
