/** HTTP as the service speaks it: routes, requests, replies, problems, and time limits. Knows nothing of crawls. */
@NullMarked
package fanout.app.service.http;

import org.jspecify.annotations.NullMarked;
