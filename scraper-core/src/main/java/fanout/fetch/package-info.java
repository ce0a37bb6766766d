/** One attempt at one URL: name lookup, connection, address policy, response, body. */
@Internal
@NullMarked
package fanout.fetch;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
