/** How the bytes of a page become characters, and the queries of its links bytes: as browsers do it. */
@Internal
@NullMarked
package fanout.charset;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
