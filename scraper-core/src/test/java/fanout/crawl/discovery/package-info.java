/** What crawls find and count: links, redirects, robots.txt, sitemaps. */
@NullMarked
package fanout.crawl.discovery;

import org.jspecify.annotations.NullMarked;
