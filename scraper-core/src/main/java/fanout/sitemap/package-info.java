/** Reads sitemaps. */
@Internal
@NullMarked
package fanout.sitemap;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
