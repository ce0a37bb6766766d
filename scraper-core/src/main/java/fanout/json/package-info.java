/** JSON documents of the web, read within limits, and pointers into them. */
@Internal
@NullMarked
package fanout.json;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
