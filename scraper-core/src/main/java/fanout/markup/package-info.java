/** The markup of a page, read once from its beginning to its end, without a tree. */
@Internal
@NullMarked
package fanout.markup;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
