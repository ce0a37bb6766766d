/** Crawls of sites that ask for a login. */
@NullMarked
package fanout.crawl.session;

import org.jspecify.annotations.NullMarked;
