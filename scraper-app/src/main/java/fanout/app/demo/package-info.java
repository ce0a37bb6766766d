/** A small shop to try the scraper on, served from this process, and the job that crawls it. */
@NullMarked
package fanout.app.demo;

import org.jspecify.annotations.NullMarked;
