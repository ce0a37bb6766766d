/**
 * What is left behind: threads, from the JVM's own tree of them, and what was lent and not given back. Usable without
 * the rest of the crawler, which this package does not know.
 */
@NullMarked
package fanout.leak;

import org.jspecify.annotations.NullMarked;
