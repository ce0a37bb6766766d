/**
 * One run of a crawl, from its place in the queue to its end in the history: its task, its files, what observers see of
 * it; and what runs have in common, which of them are alive and how many fetches each may have. The service owns them;
 * the command has one, in {@link fanout.app.run}.
 */
@NullMarked
package fanout.app.service.run;

import org.jspecify.annotations.NullMarked;
