/**
 * The hosts of a crawl: what waits for each, its manners, circuit and robots rules, and when its work may be leased;
 * which host is next; and the hosts that the crawls of a process share.
 */
@Internal
@NullMarked
package fanout.internal.host;

import fanout.internal.annotation.Internal;
import org.jspecify.annotations.NullMarked;
