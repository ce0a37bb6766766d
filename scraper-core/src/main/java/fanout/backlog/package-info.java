/** URLs that have no outcome yet: where they come from, what was tried, and how few bytes they take while they wait. */
@Internal
@NullMarked
package fanout.backlog;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
