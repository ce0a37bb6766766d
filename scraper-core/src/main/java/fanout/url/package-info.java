/** Canonical URLs: one spelling for each page, and the scope that decides which of them a crawl may visit. */
@NullMarked
package fanout.url;

import org.jspecify.annotations.NullMarked;
