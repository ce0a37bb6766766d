/**
 * The {@link fanout.internal.fetch.Fetcher} on OkHttp, and all that it asks of the network: name lookup under
 * deadlines, and
 * sockets that connect to allowed addresses only and report what they read and write.
 */
@Internal
@NullMarked
package fanout.internal.http;

import fanout.internal.annotation.Internal;
import org.jspecify.annotations.NullMarked;
