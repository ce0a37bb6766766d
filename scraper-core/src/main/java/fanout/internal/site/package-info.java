/** What a site says of itself: its robots.txt, read into the rules of a host, and its sitemaps. */
@Internal
@NullMarked
package fanout.internal.site;

import fanout.internal.annotation.Internal;
import org.jspecify.annotations.NullMarked;
