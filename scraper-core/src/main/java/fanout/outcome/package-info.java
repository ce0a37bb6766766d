/** The outcomes of URLs, and the reasons for them. */
@NullMarked
package fanout.outcome;

import org.jspecify.annotations.NullMarked;
