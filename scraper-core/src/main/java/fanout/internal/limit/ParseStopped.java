package fanout.internal.limit;

import java.io.IOException;

/**
 * A parse ends before its document does, because its thread was interrupted or its deadline has passed. An IOException,
 * because parsers let one through that their input throws. Carries no stack trace: it is an expected end, not a
 * mistake.
 */
public final class ParseStopped extends IOException {

    private static final long serialVersionUID = 1L;

    ParseStopped() {
        super("interrupted, or past the deadline");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
