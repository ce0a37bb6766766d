/** What SIGINT, SIGTERM and SIGHUP ask of a crawl, and how the process hears of them. */
@NullMarked
package fanout.app.signal;

import org.jspecify.annotations.NullMarked;
