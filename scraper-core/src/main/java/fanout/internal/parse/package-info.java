/**
 * One page, from its bytes to its title, its links (base element, link set, follow rules, nofollow) and its items
 * (selectors, fields, rules).
 */
@Internal
@NullMarked
package fanout.internal.parse;

import fanout.internal.annotation.Internal;
import org.jspecify.annotations.NullMarked;
