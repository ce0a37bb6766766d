/**
 * The {@link fanout.fetch.Fetcher} on OkHttp, and all that it asks of the network: name lookup under deadlines, and
 * sockets that connect to allowed addresses only and report what they read and write.
 */
@Internal
@NullMarked
package fanout.http;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
