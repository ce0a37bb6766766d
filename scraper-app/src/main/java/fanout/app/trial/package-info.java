/** One page under a job's rules: what {@code scraper try} does and prints. */
@NullMarked
package fanout.app.trial;

import org.jspecify.annotations.NullMarked;
