/** One run of a crawl, from its place in the queue to its end in the history: its task, its files, what observers see of it. */
@NullMarked
package fanout.app.service.run;

import org.jspecify.annotations.NullMarked;
