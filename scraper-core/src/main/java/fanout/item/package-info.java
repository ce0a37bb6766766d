/** The items of a page: selectors, fields, rules. */
@Internal
@NullMarked
package fanout.item;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
