/** From a job file to a crawl job: every problem is found, and each says where it is. */
@NullMarked
package fanout.app.config;

import org.jspecify.annotations.NullMarked;
