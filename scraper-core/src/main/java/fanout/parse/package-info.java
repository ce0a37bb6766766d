/** From bytes to links, titles and items; robots.txt and sitemaps. */
@Internal
@NullMarked
package fanout.parse;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
