/** JSON documents of the web, read within limits, and pointers into them. */
@Internal
@NullMarked
package fanout.internal.json;

import fanout.internal.annotation.Internal;
import org.jspecify.annotations.NullMarked;
