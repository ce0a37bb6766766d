/** How the bytes of a page become characters. */
@Internal
@NullMarked
package fanout.charset;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
