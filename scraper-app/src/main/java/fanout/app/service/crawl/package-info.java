/** Crawls as tasks that the service owns: queued, run, watched, asked to end, remembered, deleted. Knows nothing of HTTP. */
@NullMarked
package fanout.app.service.crawl;

import org.jspecify.annotations.NullMarked;
