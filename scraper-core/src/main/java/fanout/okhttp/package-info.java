/** The {@link fanout.fetch.Fetcher} on OkHttp. */
@Internal
@NullMarked
package fanout.okhttp;

import fanout.annotation.Internal;
import org.jspecify.annotations.NullMarked;
