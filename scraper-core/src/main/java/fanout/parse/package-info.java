/** One page: from its bytes to its title, links and items. */
@Internal
@NullMarked
package fanout.parse;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
