/**
 * The crawls of the service: submitted, queued, asked to end, resumed, remembered, deleted. What a run of one does is
 * in {@link fanout.app.service.run}. Knows nothing of HTTP.
 */
@NullMarked
package fanout.app.service.crawl;

import org.jspecify.annotations.NullMarked;
