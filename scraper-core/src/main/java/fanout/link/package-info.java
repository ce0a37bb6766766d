/** The links of a page: base element, standard link set, follow rules, nofollow. */
@Internal
@NullMarked
package fanout.link;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
