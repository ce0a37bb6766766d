/** What outlives the service's process: the history of crawls, and a folder of files for each. */
@NullMarked
package fanout.app.store;

import org.jspecify.annotations.NullMarked;
