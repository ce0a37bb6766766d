/** One attempt at one URL: name lookup, connection, address policy, response, body. */
@NullMarked
package fanout.fetch;

import org.jspecify.annotations.NullMarked;
