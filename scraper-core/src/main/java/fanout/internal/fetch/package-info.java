/** The port behind which the network is: one attempt at one URL, how it proceeds and ends, and what is counted. */
@Internal
@NullMarked
package fanout.internal.fetch;

import fanout.internal.annotation.Internal;
import org.jspecify.annotations.NullMarked;
