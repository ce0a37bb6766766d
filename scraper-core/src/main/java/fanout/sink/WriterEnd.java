package fanout.sink;

import fanout.internal.annotation.Internal;

/** How a {@link ResultWriter} ended. */
@Internal
public sealed interface WriterEnd {

    /** The channel was closed, and the sink took and flushed everything that had been sent. */
    record Complete() implements WriterEnd {}

    /** The sink threw; what it had not flushed, and what was still under way, is counted as undelivered. */
    record SinkFailed(Throwable cause) implements WriterEnd {}
}
