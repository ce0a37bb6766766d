/** The demo: a small shop served by this process, the job that crawls it, and what is shown of the crawl. */
@NullMarked
package fanout.app.demo;

import org.jspecify.annotations.NullMarked;
