/** From bytes to links, titles and items; robots.txt and sitemaps. */
@NullMarked
package fanout.parse;

import org.jspecify.annotations.NullMarked;
